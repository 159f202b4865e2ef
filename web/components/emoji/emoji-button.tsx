import { useApp } from "../app-context.ts";
import { useDialogWords } from "../on-demand-context.ts";
import { MoreIcon } from "../ui/more-icons.tsx";
import { useEmojiPicker } from "../ui/use-emoji-picker.ts";
import { writeAtCaret } from "./write-at-caret.ts";

/** Opens the picker for the message field. */
export function EmojiButton() {
  const { composer, restriction } = useApp();
  const words = useDialogWords().emoji;
  const picker = useEmojiPicker();
  return (
    <button
      class="icon-button emoji-open"
      type="button"
      aria-label={words.title}
      title={words.title}
      aria-disabled={restriction.value !== undefined}
      onClick={({ currentTarget }) =>
        restriction.value === undefined &&
        picker.open({ anchor: currentTarget, onPick: (emoji) => writeAtCaret(emoji, composer.change) })
      }
    >
      <MoreIcon name="smile" />
    </button>
  );
}
