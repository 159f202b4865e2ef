import { canTryAgain, isDeleting, type OutboxEntry } from "../state/outbox-entry.ts";
import { deletionSentence, refusalSentence } from "../words/sentences.ts";
import { useApp, useWords } from "./app-context.ts";
import { Icon } from "./icons.tsx";

/** What is known about what the person said or took back and is not in the log yet, and what they can do about it. */
export function WaitingNote({ entry }: { entry: OutboxEntry }) {
  const { chat, composer } = useApp();
  const words = useWords();
  const deletes = isDeleting(entry);
  if (entry.state === "pending" || entry.state === "sent") {
    const sentence = deletes ? words.deleting : words.sending;
    return (
      <span class="sending" title={sentence}>
        <Icon name="clock" />
        <span class="hidden">{sentence}</span>
      </span>
    );
  }
  const refused = deletes ? deletionSentence : refusalSentence;
  return (
    <div class="failed">
      <span>{entry.state === "failed" ? refused(words, entry.code) : words.notConfirmed}</span>
      {canTryAgain(entry) && (
        <button
          class="link"
          type="button"
          disabled={!deletes && !composer.mayWrite.value}
          onClick={() => chat.again(entry.clientId)}
        >
          {deletes ? words.retryNow : words.sendAgain}
        </button>
      )}
      <button class="link" type="button" onClick={() => chat.discard(entry.clientId)}>
        {deletes ? words.dismiss : words.discard}
      </button>
    </div>
  );
}
