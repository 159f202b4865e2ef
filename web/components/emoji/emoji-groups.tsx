import { useDialogWords } from "../on-demand-context.ts";
import { arrowKeys } from "../ui/arrow-keys.ts";
import { Icon } from "../ui/icons.tsx";

/** The group of those that were picked last. */
export const RECENT = -1;
/** An emoji for each group, in the order of Unicode. */
const SIGNS = ["😀", "🧑", undefined, "🐻", "🍎", "🚗", "⚽", "💡", "❤️", "🏁"];

/** A button for each group. */
export function EmojiGroups({ shown, choose }: { shown: number; choose: (group: number) => void }) {
  const words = useDialogWords().emoji;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would not scroll in all browsers
    <div class="emoji-groups" role="group" aria-label={words.title} onKeyDown={arrowKeys()}>
      <Group group={RECENT} name={words.recent} shown={shown} choose={choose} />
      {SIGNS.map(
        (sign, group) =>
          sign && (
            <Group key={sign} group={group} name={words.groups[group] ?? ""} shown={shown} choose={choose} />
          ),
      )}
    </div>
  );
}

type GroupProps = { group: number; name: string; shown: number; choose: (group: number) => void };

function Group({ group, name, shown, choose }: GroupProps) {
  return (
    <button
      type="button"
      tabIndex={group === shown ? 0 : -1}
      aria-pressed={group === shown}
      aria-label={name}
      title={name}
      onClick={() => choose(group)}
    >
      {group === RECENT ? <Icon name="clock" /> : SIGNS[group]}
    </button>
  );
}
