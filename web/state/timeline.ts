/** Turns a room's events and the person's own waiting messages into the rows of the message list. Pure. */
import type { MessageEvent, NoticeEvent, RoomEvent } from "../../shared/server-frames.ts";
import type { OutboxEntry } from "./outbox.ts";

export type Author = { id: string; nickname: string };

/** A message's body keeps its key when it goes from pending to sent, so its element stays and nothing flickers. */
export type Row =
  | { kind: "day"; key: string; at: number }
  | { kind: "notice"; key: string; event: NoticeEvent }
  | ({ kind: "message"; key: string; user: Author; at: number; text: string | undefined } & Look)
  | ({ kind: "waiting"; key: string; user: Author; at: number; text: string; entry: OutboxEntry } & Look);

/** `starts`: the first of an author's run, which shows the name. */
type Look = { mine: boolean; starts: boolean };

export type View = {
  events: readonly RoomEvent[];
  entries: readonly OutboxEntry[];
  /** The seq up to which the log is known here. */
  last: number;
  me: Author | undefined;
};

/** Messages of one author within this time stand together. */
const RUN_MS = 5 * 60_000;

export function timeline({ events, entries, last, me }: View): Row[] {
  const rows: Row[] = [];
  const seen = new Set<string>();
  for (const event of events) {
    if (event.type === "deleted") continue;
    startDay(rows, event.at);
    if (event.type === "notice") {
      rows.push({ kind: "notice", key: `notice ${event.seq}`, event });
    } else {
      if (event.user.id === me?.id) seen.add(event.clientId);
      rows.push(messageRow(event, rows.at(-1), me));
    }
  }
  if (!me) return rows;
  for (const entry of entries) {
    if (seen.has(entry.clientId) || (entry.state === "sent" && entry.seq <= last)) continue;
    startDay(rows, entry.at);
    const { at, text } = entry;
    const starts = startsRun(rows.at(-1), me, at);
    rows.push({
      kind: "waiting",
      key: keyOf(me, entry.clientId),
      user: me,
      at,
      text,
      entry,
      mine: true,
      starts,
    });
  }
  return rows;
}

function messageRow(event: MessageEvent, before: Row | undefined, me: Author | undefined): Row {
  const { user, at, text } = event;
  return {
    kind: "message",
    key: keyOf(user, event.clientId),
    user,
    at,
    text: event.deleted ? undefined : text,
    mine: user.id === me?.id,
    starts: startsRun(before, user, at),
  };
}

function startsRun(before: Row | undefined, user: Author, at: number): boolean {
  if (before?.kind !== "message" && before?.kind !== "waiting") return true;
  return before.user.id !== user.id || before.user.nickname !== user.nickname || at - before.at > RUN_MS;
}

/** Days are the reader's: two messages on either side of local midnight get a separator. */
function startDay(rows: Row[], at: number) {
  const before = rows.at(-1);
  const day = new Date(at).toDateString();
  const previous = before && new Date(before.kind === "notice" ? before.event.at : before.at).toDateString();
  if (previous !== day) rows.push({ kind: "day", key: `day ${day}`, at });
}

const keyOf = (user: Author, clientId: string) => `${user.id} ${clientId}`;
