import { useEffect, useState } from "preact/hooks";
import type { Room } from "../../state/room.ts";
import { systemClock } from "../../sync/clock.ts";
import { isolated } from "../../words/sentences.ts";
import { useApp } from "../app-context.ts";
import { useDialogWords } from "../on-demand-context.ts";
import { MoreIcon } from "../ui/more-icons.tsx";

/** How often a screen reader hears of a fast room. Single messages are not read out there. */
const SUMMARY_MS = 10_000;

/** A room with more messages than can be read one by one: a button that pauses it, and summaries for screen readers. */
export function FastRoom({ room }: { room: Room }) {
  const words = useDialogWords().reading;
  const { standStill } = room.viewport;
  const isPausable = room.isFast.value && room.viewport.atNewest.value;
  const summary = useSummary(room);
  useEffect(() => {
    if (!isPausable) return;
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, [isPausable]);

  function pressed(event: KeyboardEvent) {
    // A space elsewhere presses a button, or is written.
    if (event.key !== " " || !(event.target instanceof Element) || !event.target.matches(".log")) return;
    event.preventDefault();
    standStill();
  }

  return (
    <>
      <span class="hidden" role="status">
        {summary}
      </span>
      {isPausable && (
        <button class="pause" type="button" title={words.pauseKey} onClick={standStill}>
          <MoreIcon name="pause" />
          {words.pause}
        </button>
      )}
    </>
  );
}

/** @returns a sentence about the last seconds, while the room is fast and followed. */
function useSummary(room: Room): string {
  const { ignored, isReadAloud } = useApp();
  const words = useDialogWords().reading;
  const [summary, setSummary] = useState("");
  const isRead = isReadAloud.value && room.isFast.value && room.viewport.atNewest.value;
  useEffect(() => {
    if (!isRead) return;
    let from = room.log.peek().last;
    let cancel = systemClock.after(SUMMARY_MS, tell);
    return () => {
      cancel();
      setSummary("");
    };

    function tell() {
      const news = ignored
        .leftOf(room.log.peek().events.filter(({ seq }) => seq > from))
        .flatMap((event) => (event.type === "message" && event.text !== undefined ? [event] : []));
      const last = news.at(-1);
      from = room.log.peek().last;
      if (last) setSummary(words.summary(news.length, isolated(last.user.nickname), last.text ?? ""));
      cancel = systemClock.after(SUMMARY_MS, tell);
    }
  }, [isRead, words]);
  return summary;
}
