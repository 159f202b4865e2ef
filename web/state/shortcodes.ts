/** Shortcodes of emoji in the text that somebody writes: `:he` finds them, and a whole `:heart:` is the emoji. */
import { signal } from "@preact/signals";
import { findMentions } from "../../shared/text.ts";
import { type EmojiRow, loadEmoji } from "../sync/emoji.ts";
import { toned } from "../sync/toned-emoji.ts";
import type { App } from "./app.ts";
import { createCompletion } from "./completion.ts";
import type { EmojiChoices } from "./emoji-choices.ts";
import { completeShortcode, emojiOfCode, searchEmoji } from "./emoji-search.ts";
import { splitLinks } from "./text-parts.ts";

export type EmojiChoice = { emoji: string; code: string; row: EmojiRow };

/** Where a shortcode may begin. A time of day, an address and a word with a colon in it have none. */
const BEFORE = /(?<=^|[\s([{"'“‘]|\p{Emoji_Presentation}|\p{Emoji_Modifier}|\ufe0f)/u.source;
/** From two letters on, so that no smiley such as `:)` or `:D` is one. */
const BEGUN = new RegExp(String.raw`${BEFORE}:((?=.?\p{L}|[+-]1)[\p{L}\p{N}_+-]{2,40})$`, "u");
const WHOLE = new RegExp(String.raw`${BEFORE}(?::[\w+-]{1,40}:)+`, "gu");

/** @returns the part behind the `:` of the shortcode that is begun at the end of `text`; undefined: there is none. */
export const shortcodeBegun = (text: string): string | undefined => BEGUN.exec(text)?.[1];

/** @returns the text in which each shortcode of an emoji is the emoji, except in links. */
export function spellEmoji(text: string, emojiOf: (code: string) => string | undefined): string {
  if (!/:[\w+-]+:/.test(text)) return text;
  return splitLinks(text)
    .map(({ text: part, href }) => (href === undefined ? spelled(part) : part))
    .join("");

  function spelled(part: string): string {
    return part.replace(WHOLE, (run) =>
      run.replace(/:([\w+-]+):/g, (whole, code: string) => emojiOf(code.toLowerCase()) ?? whole),
    );
  }
}

/** The emoji to choose from after a `:`. They are fetched for the first word that is begun so; from then on the composer sends whole shortcodes as emoji. */
export function createShortcodes(composer: Pick<App["composer"], "change" | "spell">, emoji: EmojiChoices) {
  const rows = signal<readonly EmojiRow[]>([]);
  const inTone = (row: EmojiRow): string => toned(row, emoji.tone.value);

  return createCompletion<EmojiChoice>({
    word: BEGUN,
    choicesFor: (typed) =>
      (/\p{Script=Hangul}/u.test(typed)
        ? searchEmoji(rows.value, typed)
        : completeShortcode(rows.value, typed)
      ).map((row) => ({ emoji: inTone(row), code: codeFor(row, typed.toLowerCase()), row })),
    began: () => void loadEmoji().then(loaded, () => undefined),
    written: (choice) => choice.emoji,
    chosen(text, choice) {
      emoji.picked(choice.emoji);
      composer.change(text);
    },
  });

  function loaded(found: readonly EmojiRow[]) {
    if (rows.value === found) return;
    rows.value = found;
    const byCode = emojiOfCode(found);
    const emojiOf = (code: string): string | undefined => {
      const row = byCode.get(code);
      return row && inTone(row);
    };
    composer.spell.value = (text, people) => {
      let spelled = "";
      let from = 0;
      // A name stays as it is, because it would mention nobody otherwise.
      for (const { start, length } of findMentions(text, people)) {
        spelled += spellEmoji(text.slice(from, start), emojiOf) + text.slice(start, start + length);
        from = start + length;
      }
      return spelled + spellEmoji(text.slice(from), emojiOf);
    };
  }
}

/** The shortcode of an emoji that has most to do with the typed text. */
function codeFor([, , codes]: EmojiRow, typed: string): string {
  const all = codes.split(" ");
  return (
    all.find((code) => code.startsWith(typed)) ?? all.find((code) => code.includes(typed)) ?? all[0] ?? ""
  );
}
