import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";

/** The line above the conversation while there is no connection: since when, and that these are the messages known until then. */
export function OfflineNote() {
  const { chat, language } = useApp();
  const { offline } = useOnDemand();
  const words = useDialogWords();
  const since = offline.since.value;
  if (since === undefined) return null;
  const { time, dayAndTime } = language.dates.value;
  const isToday = new Date(since).toDateString() === new Date().toDateString();
  const when = (isToday ? time : dayAndTime).format(since);
  const isEmpty = chat.room.value.log.value.events.length === 0;
  return <p class="offline-note">{isEmpty ? words.offline.nothing(when) : words.offline.since(when)}</p>;
}
