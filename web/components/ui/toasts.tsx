import type { Notification, PlainNotification } from "../../state/toasts.ts";
import { isolated, problemSentence, refusalSentence } from "../../words/sentences.ts";
import type { Words } from "../../words/words.ts";
import { useApp, useWords } from "../app-context.ts";
import { Icon } from "./icons.tsx";

/**
 * The toasts, kept in the tree so that screen readers announce changes.
 * @param onTop whether this is the topmost instance; the others show nothing.
 */
export function Toasts({ onTop }: { onTop: boolean }) {
  const { toasts } = useApp();
  const words = useWords();
  return (
    <div class="toasts" role="status">
      {(onTop ? toasts.toasts.value : []).map(({ id, notification }) => (
        <div key={id} class="toast">
          <Icon name={GOOD.has(notification.about) ? "done" : "alert"} />
          <span>{sentence(words, notification)}</span>
          <button
            class="icon-button"
            type="button"
            aria-label={words.dismiss}
            onClick={() => toasts.dismiss(id)}
          >
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}

const GOOD: ReadonlySet<string> = new Set([
  "readmitted",
  "copied",
  "saved",
  "done",
  "password-changed",
  "reported",
  "ignored",
]);

function sentence(words: Words, notification: Notification): string {
  if (notification.about === "refused") return refusalSentence(words, notification.code);
  if (notification.about === "problem") return problemSentence(words, notification.code);
  if (notification.about === "ignored") return words.moderation.nowIgnored(isolated(notification.nickname));
  if (notification.about === "out-of-room") return words.circle.out(isolated(notification.title));
  if (notification.about === "room-deleted") return words.roomDeleted(isolated(notification.title));
  const plain: Record<PlainNotification, string> = {
    "spam-warning": words.spamWarning,
    readmitted: words.account.readmitted,
    copied: words.copied,
    "not-copied": words.notCopied,
    saved: words.account.saved,
    done: words.account.done,
    "password-changed": words.account.passwordChanged,
    reported: words.moderation.reported,
    "page-failed": words.failure.passing,
  };
  return plain[notification.about];
}
