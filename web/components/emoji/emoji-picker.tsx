/** The inside of the picker. One group is rendered at a time, which is a few hundred buttons at most. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { searchEmoji } from "../../state/emoji-search.ts";
import { type EmojiRow, nameOf } from "../../sync/emoji.ts";
import { toned, tonesOf } from "../../sync/toned-emoji.ts";
import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { EmojiGroups, RECENT } from "./emoji-groups.tsx";
import { moveInGrid } from "./move-in-grid.ts";
import { ToneChoice } from "./tone-choice.tsx";

type EmojiPickerProps = { rows: readonly EmojiRow[]; picked: (emoji: string) => void };

const MAX_FOUND = 120;

export function EmojiPicker({ rows, picked }: EmojiPickerProps) {
  const { language } = useApp();
  const { emoji: choices } = useOnDemand();
  const words = useDialogWords().emoji;
  const [typed, setTyped] = useState("");
  // The list of recent ones stays as it was when the picker opened.
  const [recent] = useState(() => rowsOf(rows, choices.recent.peek()));
  const [group, setGroup] = useState(recent.length > 0 ? RECENT : 0);
  const search = useRef<HTMLInputElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const found = useMemo(() => (typed.trim() === "" ? undefined : searchEmoji(rows, typed)), [rows, typed]);
  const tone = choices.tone.value;
  const shown =
    found?.slice(0, MAX_FOUND) ?? (group === RECENT ? recent : rows.filter((row) => row[1] === group));

  // On a phone a focused field would cover the emoji with the keyboard.
  useEffect(() => {
    if (matchMedia("(pointer: fine)").matches) search.current?.focus();
  }, []);

  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: in a field of the type "search" Escape would empty it instead of closing the picker */}
      <input
        class="input"
        role="searchbox"
        ref={search}
        value={typed}
        aria-label={words.search}
        placeholder={words.search}
        autocomplete="off"
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        onKeyDown={searchKey}
      />
      {found === undefined && <EmojiGroups shown={group} choose={setGroup} />}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would not scroll in all browsers */}
      <div
        class="emoji-grid"
        role="group"
        aria-label={found ? words.search : group === RECENT ? words.recent : words.groups[group]}
        ref={grid}
        onKeyDown={(event) => moveInGrid(event, () => search.current?.focus())}
      >
        {shown.map((row, n) => {
          const emoji = toned(row, row[1] === RECENT ? 0 : tone);
          return (
            <button
              key={`${row[0]} ${n}`}
              type="button"
              tabIndex={n === 0 ? 0 : -1}
              aria-label={nameOf(row, language.language.value)}
              title={titleOf(row, language.language.value)}
              onClick={() => picked(emoji)}
            >
              {emoji}
            </button>
          );
        })}
        {shown.length === 0 && <p>{found ? words.none : words.noRecent}</p>}
      </div>
      <span class="hidden" role="status">
        {found ? (found.length > 0 ? words.found(found.length) : words.none) : ""}
      </span>
      <ToneChoice />
    </>
  );

  /** The first that was found can be picked from the field. */
  function searchKey(event: KeyboardEvent) {
    if (event.isComposing) return;
    const first = grid.current?.querySelector("button");
    if (event.key === "ArrowDown") first?.focus();
    else if (event.key === "Enter" && found) first?.click();
    else return;
    event.preventDefault();
  }
}

/** As they were picked, tone of skin included. */
function rowsOf(rows: readonly EmojiRow[], recent: readonly string[]): EmojiRow[] {
  return recent.flatMap((emoji) => {
    const row = rows.find((each) => each[0] === emoji || tonesOf(each).includes(emoji));
    return row ? [[emoji, RECENT, row[2], row[3], row[4]] as const] : [];
  });
}

const titleOf = (row: EmojiRow, language: string): string =>
  `${nameOf(row, language)} :${row[2].split(" ")[0]}:`;
