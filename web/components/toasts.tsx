import type { Remark } from "../state/toasts.ts";
import { problemSentence, refusalSentence } from "../words/sentences.ts";
import type { Words } from "../words/words.ts";
import { useApp, useWords } from "./app-context.ts";
import { Icon } from "./icons.tsx";

export function Toasts() {
  const { toasts } = useApp();
  const words = useWords();
  return (
    <div class="toasts" role="status">
      {toasts.toasts.value.map(({ id, remark }) => (
        <div key={id} class="toast">
          <Icon name={remark.about === "copied" ? "done" : "alert"} />
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

function sentence(words: Words, remark: Remark): string {
  if (remark.about === "refused") return refusalSentence(words, remark.code);
  if (remark.about === "problem") return problemSentence(words, remark.code);
  return {
    "spam-warning": words.spamWarning,
    "session-ended": words.sessionEnded,
    copied: words.copied,
    "not-copied": words.notCopied,
  }[remark.about];
}
