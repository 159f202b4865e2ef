import type { PlainRemark, Remark } from "../../state/toasts.ts";
import { isolated, problemSentence, refusalSentence } from "../../words/sentences.ts";
import type { Words } from "../../words/words.ts";
import { useApp, useWords } from "../app-context.ts";
import { Icon } from "./icons.tsx";

/** @param onTop whether nothing lies above: else another one shows them. It stays, so that news in it is heard. */
export function Toasts({ onTop }: { onTop: boolean }) {
  const { toasts } = useApp();
  const words = useWords();
  return (
    <div class="toasts" role="status">
      {(onTop ? toasts.toasts.value : []).map(({ id, remark }) => (
        <div key={id} class="toast">
          <Icon name={GOOD.has(remark.about) ? "done" : "alert"} />
          <span>{sentence(words, remark)}</span>
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

function sentence(words: Words, remark: Remark): string {
  if (remark.about === "refused") return refusalSentence(words, remark.code);
  if (remark.about === "problem") return problemSentence(words, remark.code);
  if (remark.about === "ignored") return words.moderation.nowIgnored(isolated(remark.nickname));
  if (remark.about === "room-deleted") return words.roomDeleted(isolated(remark.title));
  const plain: Record<PlainRemark, string> = {
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
  return plain[remark.about];
}
