import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";

/** The fixed ones, one tap away. Any other can be given where somebody gave it. */
const FIXED = ["👍", "❤️", "😂", "😮", "😢", "🙏", "🎉", "🔥"];

/** The reactions to a message, below it. Takes no room without any. */
export function Reactions({ seq }: { seq: number }) {
  const { reactions } = useOnDemand();
  const words = useDialogWords().reactions;
  const list = reactions.of(seq).value;
  if (list.length === 0) return null;
  return (
    <span class="reactions">
      {list.map(({ emoji, count, you }) => (
        <button
          class="reaction"
          type="button"
          tabIndex={-1}
          key={emoji}
          aria-pressed={you}
          title={words.given(emoji, count)}
          onClick={() => reactions.toggle(seq, emoji)}
        >
          {emoji} <span>{count}</span>
        </button>
      ))}
    </span>
  );
}

/** The fixed reactions, among the actions on a message. */
export function ReactActions({ seq, done }: { seq: number; done: (act?: () => void) => void }) {
  const { session } = useApp();
  const { reactions } = useOnDemand();
  const words = useDialogWords().reactions;
  if (!session.user.value) return null;
  const yours = new Set(reactions.of(seq).value.flatMap(({ emoji, you }) => (you ? [emoji] : [])));
  return (
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
    </span>
  );
}
