import type { Row } from "../state/timeline.ts";
import { noticeSentence } from "../words/sentences.ts";
import { useApp, useWords } from "./app-context.ts";
import { Avatar } from "./avatar.tsx";
import { WaitingNote } from "./waiting-note.tsx";

/** A few emoji and nothing else are shown large, as gestures are. */
const EMOJI_ONLY = /^\p{RGI_Emoji}{1,6}$/v;

export function MessageRow({ row }: { row: Row }) {
  const { language } = useApp();
  const words = useWords();
  if (row.kind === "day") {
    return (
      <li class="day" data-row>
        <span>{language.dates.value.day.format(row.at)}</span>
      </li>
    );
  }
  if (row.kind === "notice") {
    return (
      <li class="system" data-row>
        {noticeSentence(words, row.event.code)}
      </li>
    );
  }
  return <Spoken row={row} />;
}

function Spoken({ row }: { row: Extract<Row, { kind: "message" | "waiting" }> }) {
  const { language } = useApp();
  const words = useWords();
  const { time, full } = language.dates.value;
  const look = `row ${row.mine ? "mine" : "theirs"}${row.starts ? " starts" : ""}`;
  const state = row.kind === "waiting" ? row.entry.state : "sent";
  return (
    <li class={look} data-row data-state={state}>
      {!row.mine && row.starts && <Avatar user={row.user} />}
      <div class="said">
        <span class={row.mine || !row.starts ? "author hidden" : "author"}>
          <bdi>{row.mine ? words.you : row.user.nickname}</bdi>
        </span>
        <div class="bubble-line">
          {row.text === undefined ? (
            <p class="bubble deleted">{words.deleted}</p>
          ) : (
            <p class={EMOJI_ONLY.test(row.text) ? "bubble emoji" : "bubble"} dir="auto">
              {row.text}
            </p>
          )}
          {row.kind === "waiting" && state === "pending" ? (
            <WaitingNote entry={row.entry} />
          ) : (
            <time dateTime={new Date(row.at).toISOString()} title={full.format(row.at)}>
              {time.format(row.at)}
            </time>
          )}
        </div>
        {row.kind === "waiting" && (state === "failed" || state === "unsure") && (
          <WaitingNote entry={row.entry} />
        )}
      </div>
    </li>
  );
}
