/**
 * Turns a room's events and the person's pending messages into the rows of the message list. Pure except for a cache.
 */
import type { MessageEvent, NoticeEvent, RoomEvent } from "../../shared/server-frames.ts";
import {
  type DeletingEntry,
  isDeleting,
  isSaying,
  type OutboxEntry,
  type SayingEntry,
} from "../sync/outbox-entry.ts";

import type { Author, Gap } from "../sync/replica.ts";

/** A message's body keeps its key when it goes from pending to sent, so its element stays and nothing flickers. */
export type Row =
  | { kind: "day"; key: string; at: number }
  /** Above the first unread message. */
  | { kind: "unread"; key: string; at: number }
  | { kind: "notice"; key: string; at: number; event: NoticeEvent }
  /** Messages that were deleted, one after the other. */
  | { kind: "deletions"; key: string; at: number; count: number }
  | { kind: "gap"; key: string; at: number; before: number; count: number }
  | ({ kind: "message"; key: string; user: Author; at: number } & Said & Look)
  | ({ kind: "waiting"; key: string; user: Author; at: number; text: string; entry: SayingEntry } & Late &
      Look);

/** `text`: undefined after a deletion. `removal`: the progress of the person's own deletion. */
type Said = {
  seq: number;
  role: MessageEvent["role"];
  text: string | undefined;
  removal: DeletingEntry | undefined;
  reply?: MessageEvent["reply"] | undefined;
  mentions?: MessageEvent["mentions"] | undefined;
  /** Whether it is to the person: it mentions them, or replies to them. */
  toMe?: boolean;
};
export type MessageRow = Extract<Row, { kind: "message" }>;

/** `late`: written on an earlier day than its separator shows, because it has no place in the log yet. */
type Late = { late: boolean };

/** `starts`: the first row of an author's run, which shows the name. `tells`: the first row of its minute, which shows the time. */
type Look = { mine: boolean; starts: boolean; tells: boolean };

export type View = {
  events: readonly RoomEvent[];
  /** The gaps between the events. */
  gaps: readonly Gap[];
  entries: readonly OutboxEntry[];
  /** The seq up to which the log is known here. */
  last: number;
  me: Author | undefined;
  /** The seq up to which the person had read the room when it came on screen; undefined: all of it. */
  since?: number | undefined;
};

/** Messages of one author within this time stand together. */
const RUN_MS = 5 * 60_000;

/**
 * @returns a function from a view to its rows. A row that looks the same as in the previous view is the same object, so
 * only new rows of a hundred cost anything to show.
 */
export function createTimeline(): (view: View) => Row[] {
  let made = new Map<string, Row>();

  return ({ events, gaps, entries, last, me, since }) => {
    const before = made;
    made = new Map();
    const seen = new Set<string>();
    const removals = new Map(entries.filter(isDeleting).map((entry) => [entry.target, entry]));
    let previous: Row | undefined;
    /** The day of the last separator. */
    let day: number | undefined;
    const open = [...gaps];
    /** Only if nothing unread is above, where it is not on screen. */
    let isUnreadNext = since !== undefined && events[0] !== undefined && events[0].seq <= since + 1;

    for (const event of events) {
      while (open[0] && event.seq >= open[0].before) put(gapRow(open.shift() as Gap, event.at));
      if (event.type !== "message" && event.type !== "notice") continue;
      if (event.type === "message" && event.user.id === me?.id) seen.add(event.clientId);
      if (event.type === "message" && event.takenBack) continue;
      if (isUnreadNext && isNews(event, since, me)) {
        isUnreadNext = false;
        add({ kind: "unread", key: "unread", at: event.at });
      }
      if (event.type === "notice") add(noticeRow(event));
      else if (event.deleted && isGone(previous)) fold(previous);
      else add({ ...messageRow(event, previous, me), removal: removals.get(event.seq) });
    }
    for (const entry of me ? entries.filter(isSaying) : []) {
      if (!me || seen.has(entry.clientId) || (entry.state === "sent" && entry.seq <= last)) continue;
      add(waitingRow(entry, previous, me));
    }
    return [...made.values()];

    function add(row: Row) {
      const isLate = day !== undefined && dayOf(row.at) < day;
      if (row.kind === "waiting" && isLate) return put({ ...row, late: true });
      if (day !== dayOf(row.at)) put(dayRow(row.at));
      day = dayOf(row.at);
      put(row);
    }

    /** One more message after `last` was deleted too. */
    function fold(last: Row) {
      made.delete(last.key);
      const count = last.kind === "deletions" ? last.count + 1 : 2;
      put({ kind: "deletions", key: `deleted after ${last.at}`, at: last.at, count });
    }

    function put(row: Row) {
      // Keys are unique in a sound log. If they are not, both rows are shown anyway.
      const key = made.has(row.key) ? `${row.key} ${made.size}` : row.key;
      const known = before.get(key);
      previous = known && looksSame(known, row) ? known : { ...row, key };
      made.set(key, previous);
    }
  };
}

/** Days follow the reader's time zone: local midnight separates two messages. */
const dayRow = (at: number): Row => ({ kind: "day", key: `day ${dayOf(at)}`, at: dayOf(at) });

/** The key is the newer end of the gap, which stays while the gap is filled from the older end. */
const gapRow = ({ after, before }: Gap, at: number): Row => ({
  kind: "gap",
  key: `gap ${before}`,
  at,
  before,
  count: before - after - 1,
});

const noticeRow = (event: NoticeEvent): Row => ({
  kind: "notice",
  key: `notice ${event.seq}`,
  at: event.at,
  event,
});

function messageRow(
  event: MessageEvent,
  before: Row | undefined,
  me: Author | undefined,
): Omit<MessageRow, "removal"> {
  const { user, at, seq } = event;
  return {
    kind: "message",
    key: keyOf(user, event.clientId),
    user,
    at,
    seq,
    role: event.role,
    text: event.deleted ? undefined : event.text,
    reply: event.reply,
    mentions: event.mentions,
    toMe: me !== undefined && user.id !== me.id && isTo(event, me.id),
    mine: user.id === me?.id,
    starts:
      event.reply !== undefined ||
      startsRun(before, user, at) ||
      (before?.kind === "message" && before.role !== event.role),
    tells: tellsTime(before, at),
  };
}

const isTo = ({ reply, mentions }: MessageEvent, id: string): boolean =>
  reply?.user === id || (mentions?.some((mention) => mention.id === id) ?? false);

function waitingRow(entry: SayingEntry, before: Row | undefined, me: Author): Row {
  const { at, text, clientId } = entry;
  const starts = entry.replyTo !== undefined || startsRun(before, me, at);
  return {
    kind: "waiting",
    key: keyOf(me, clientId),
    user: me,
    at,
    text,
    entry,
    mine: true,
    starts,
    tells: tellsTime(before, at),
    late: false,
  };
}

const isNews = (event: RoomEvent, since = 0, me: Author | undefined): boolean =>
  event.type === "message" && event.seq > since && !event.deleted && event.user.id !== me?.id;

/** Whether nothing is left of the message. */
const isGone = (row: Row | undefined): row is Row =>
  row?.kind === "deletions" || (row?.kind === "message" && row.text === undefined);

const tellsTime = (before: Row | undefined, at: number): boolean =>
  (before?.kind !== "message" && before?.kind !== "waiting") || minuteOf(before.at) !== minuteOf(at);

const minuteOf = (at: number): number => Math.floor(at / 60_000);

function startsRun(before: Row | undefined, user: Author, at: number): boolean {
  if (before?.kind !== "message" && before?.kind !== "waiting") return true;
  return before.user.id !== user.id || before.user.nickname !== user.nickname || at - before.at > RUN_MS;
}

function looksSame(one: Row, other: Row): boolean {
  if (one.kind === "day" || one.kind === "unread") return one.kind === other.kind && one.at === other.at;
  if (one.kind === "notice")
    return other.kind === "notice" && one.at === other.at && one.event.user?.id === other.event.user?.id;
  if (one.kind === "deletions") return other.kind === "deletions" && one.count === other.count;
  if (one.kind === "gap") return other.kind === "gap" && one.count === other.count;
  if (one.kind === "waiting")
    return (
      other.kind === "waiting" &&
      one.entry === other.entry &&
      one.starts === other.starts &&
      one.tells === other.tells &&
      one.late === other.late
    );
  return (
    other.kind === "message" &&
    one.seq === other.seq &&
    one.text === other.text &&
    one.removal === other.removal &&
    one.starts === other.starts &&
    one.tells === other.tells &&
    one.mine === other.mine
  );
}

/** The last local midnight before `at`. */
const dayOf = (at: number): number => new Date(at).setHours(0, 0, 0, 0);

const keyOf = (user: Author, clientId: string) => `${user.id} ${clientId}`;
