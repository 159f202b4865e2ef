import { canTryAgain, delayOf, isDeleting, type OutboxEntry } from "../../sync/outbox-entry.ts";
import { deletionSentence, refusalSentence } from "../../words/sentences.ts";
import { useApp, useWords } from "../app-context.ts";
import { Icon } from "../ui/icons.tsx";
import { useSecondsLeft } from "../ui/use-seconds-left.ts";

/** The progress of a message or deletion that is not in the log yet, with the buttons to retry or discard it. */
export function WaitingNote({ entry }: { entry: OutboxEntry }) {
  const { chat, composer } = useApp();
  const words = useWords();
  const deletes = isDeleting(entry);
  const left = useSecondsLeft(entry.state === "failed" ? entry.retryAt : undefined);
  if (entry.state === "pending" || entry.state === "sent") {
    const sentence = deletes ? words.deleting : words.sending;
    return (
      <span class="sending" title={sentence}>
        <Icon name="clock" />
        <span class="hidden">{sentence}</span>
      </span>
    );
  }
  const seconds = left.value;
  const mustWait = seconds !== undefined || (!deletes && !composer.mayWrite.value);
  const refused = deletes ? deletionSentence : refusalSentence;
  return (
    <div class="failed">
      <span>
        {entry.state === "failed" ? refused(words, entry.code) : words.notConfirmed}{" "}
        {seconds !== undefined && words.tryAgainIn(seconds)}
      </span>
      {canTryAgain(entry) && (
        <button
          class="link"
          type="button"
          // Not `disabled`: it would lose the focus.
          aria-disabled={mustWait}
          onClick={() => mustWait || chat.again(entry.clientId)}
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

/** The reason of a delay and the time of the retry, with a button to discard the message. */
export function DelayNote({ entry }: { entry: OutboxEntry }) {
  const { chat } = useApp();
  const words = useWords();
  const delay = delayOf(entry);
  const seconds = useSecondsLeft(delay?.until).value;
  if (!delay || seconds === undefined) return null;
  return (
    <div class="delayed">
      <span>
        {refusalSentence(words, delay.code)} {words.goesOutIn(seconds)}
      </span>
      <button class="link" type="button" onClick={() => chat.discard(entry.clientId)}>
        {isDeleting(entry) ? words.dismiss : words.discard}
      </button>
    </div>
  );
}
