import { useState } from "preact/hooks";
import { systemClock } from "../../sync/clock.ts";
import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { useEmojiPicker } from "../ui/use-emoji-picker.ts";
import { createLongPress } from "./long-press.ts";

/** The fixed ones, one tap away. Any other can be given where somebody gave it. */
const FIXED = ["👍", "❤️", "😂", "😮", "😢", "🙏", "🎉", "🔥"];

/** So many stand below a message; further ones are unfolded. */
const SHOWN = 6;

/** The reactions to a message, below it. Takes no room without any. A long press, or the key for menus, shows who gave them. */
export function Reactions({ seq }: { seq: number }) {
  const { dialogs } = useApp();
  const { reactions } = useOnDemand();
  const words = useDialogWords().reactions;
  const [isOpen, setOpen] = useState(false);
  const list = reactions.of(seq).value;
  // One folded alone would take as much room as the button.
  const hidden = isOpen || list.length <= SHOWN + 1 ? 0 : list.length - SHOWN;
  const whoReacted = () => dialogs.show({ at: "reactions", seq });
  const [press] = useState(() => createLongPress(systemClock.after, whoReacted));
  if (list.length === 0) return null;
  return (
    <span class="reactions">
      {list.slice(0, list.length - hidden).map(({ emoji, count, you }) => (
        <button
          class="reaction"
          type="button"
          tabIndex={-1}
          key={emoji}
          aria-pressed={you}
          title={words.given(emoji, count)}
          {...press}
          onContextMenu={(event) => {
            event.preventDefault();
            whoReacted();
          }}
          onClick={() => reactions.toggle(seq, emoji)}
        >
          {emoji} <span>{count}</span>
        </button>
      ))}
      {hidden > 0 && (
        <button class="reaction" type="button" title={words.showMore(hidden)} onClick={() => setOpen(true)}>
          +{hidden}
        </button>
      )}
    </span>
  );
}

/** The fixed reactions, among the actions on a message. */
export function ReactActions({ seq, done }: { seq: number; done: (act?: () => void) => void }) {
  const { session, dialogs } = useApp();
  const { reactions } = useOnDemand();
  const picker = useEmojiPicker();
  const words = useDialogWords().reactions;
  const who = reactions.of(seq).value.length > 0 && (
    <button class="action" type="button" onClick={() => done(() => dialogs.show({ at: "reactions", seq }))}>
      {words.whoReacted}
    </button>
  );
  if (!session.user.value) return who || null;
  const yours = new Set(reactions.of(seq).value.flatMap(({ emoji, you }) => (you ? [emoji] : [])));
  return (
    <>
      <span class="react-line">
        {FIXED.map((emoji) => (
          <button
            class="action react"
            type="button"
            key={emoji}
            aria-pressed={yours.has(emoji)}
            aria-label={words.react(emoji)}
            onClick={() => done(() => reactions.toggle(seq, emoji))}
          >
            {emoji}
          </button>
        ))}
        <button
          class="action react"
          type="button"
          aria-label={words.other}
          onClick={({ currentTarget }) =>
            picker.open({ anchor: currentTarget, onPick: (emoji) => reactions.toggle(seq, emoji) })
          }
        >
          +
        </button>
      </span>
      {who}
    </>
  );
}
