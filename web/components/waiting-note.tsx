import { canTryAgain, type OutboxEntry } from "../state/outbox.ts";
import { refusalSentence } from "../words/sentences.ts";
import { useApp, useWords } from "./app-context.ts";
import { Icon } from "./icons.tsx";

/** What is known about an own message that is not in the log yet, and what the person can do about it. */
export function WaitingNote({ entry }: { entry: OutboxEntry }) {
  const { chat, composer } = useApp();
  const words = useWords();
  if (entry.state === "pending") {
    return (
      <span class="sending" title={words.sending}>
        <Icon name="clock" />
        <span class="hidden">{words.sending}</span>
      </span>
    );
  }
  return (
    <div class="failed">
      <span>{entry.state === "failed" ? refusalSentence(words, entry.code) : words.notConfirmed}</span>
      {canTryAgain(entry) && (
        <button
          class="link"
          type="button"
          disabled={!composer.mayWrite.value}
          onClick={() => chat.again(entry.clientId)}
        >
          {words.sendAgain}
        </button>
      )}
      <button class="link" type="button" onClick={() => chat.discard(entry.clientId)}>
        {words.discard}
      </button>
    </div>
  );
}
