/** Converts an entry of a room's log to its row in PostgreSQL. The only place where the worker parses events. */

export type LogEntry = { seq: number; json: string };

/** An event that cannot be stored as a row, and the reason. */
export type DeadLetter = { room: string; seq: number; raw: string; reason: string };

export type EventRow = {
  room: string;
  seq: number;
  /** UTC, `2026-11-22`: the partition key. */
  day: string;
  /** UTC, `21:03:07.123`. */
  time: string;
  kind: string;
  userId: string | null;
  nickname: string | null;
  clientId: string | null;
  text: string | null;
  deleted: boolean;
  /** JSON of all fields that have no column; null without such fields. */
  data: string | null;
  /** The seq that a `deleted` event blanks. */
  target: number | null;
  /** The id of the user who deleted the target, or removed the messages. */
  by: string | null;
  /** Of a `deleted` event: nothing of its target is shown, because its author took it back. */
  isTakenBack: boolean;
  /** The messages that a `removed` event blanks: those of this author from this seq on. */
  removes: { author: string; from: number } | null;
  /** The unchanged entry, for a dead letter. */
  raw: string;
};

type ReadEvent = { ok: true; row: EventRow } | { ok: false; dead: DeadLetter };

const YEAR_10000 = Date.UTC(10_000, 0, 1);

/**
 * Reads one entry. Unknown kinds of events become rows too, so that an older worker stores the events of newer gateways.
 * Entries that PostgreSQL could never store (no JSON, no time, a NUL character) are detected here, because that is cheaper.
 */
export function readEvent(room: string, { seq, json }: LogEntry): ReadEvent {
  const dead = (reason: string): ReadEvent => ({
    ok: false,
    dead: { room, seq, raw: json.replaceAll("\0", "\\u0000"), reason },
  });
  const event = parseObject(json);
  if (!event) return dead("is no JSON object");
  const { type: kind, seq: ownSeq, at } = event;
  if (typeof kind !== "string") return dead("has no type");
  if (ownSeq !== seq) return dead("its seq is not the one of its place");
  if (typeof at !== "number" || !(at >= 0 && at < YEAR_10000)) return dead("has no usable time");
  if (kind === "deleted" && !Number.isSafeInteger(event.target)) return dead("deletes nothing");
  if (json.includes(ESCAPED_NUL) && holdsNul(event))
    return dead("holds a NUL character, which PostgreSQL cannot keep");

  const [day = "", time = ""] = new Date(at).toISOString().slice(0, -1).split("T");
  const place = { room, seq, day, time, kind, raw: json };
  return {
    ok: true,
    row: { ...place, ...(kind === "message" ? messageColumns(event) : otherColumns(kind, event)) },
  };
}

type Columns = Omit<EventRow, "room" | "seq" | "day" | "time" | "kind" | "raw">;

/** Fields of every event that have a column or repeat its place; of messages also these. */
const PLACED = new Set(["type", "room", "seq", "at"]);
const OF_MESSAGES = new Set([...PLACED, "user", "clientId", "text", "deleted"]);

function messageColumns(event: Record<string, unknown>): Columns {
  const { user, clientId, text, deleted } = event;
  const author = isRecord(user) ? user : {};
  return {
    userId: stringOrNull(author.id),
    nickname: stringOrNull(author.nickname),
    clientId: stringOrNull(clientId),
    text: stringOrNull(text),
    deleted: deleted === true,
    data: dataOf(event, OF_MESSAGES),
    target: null,
    by: null,
    isTakenBack: false,
    removes: null,
  };
}

function otherColumns(kind: string, event: Record<string, unknown>): Columns {
  return {
    userId: null,
    nickname: null,
    clientId: stringOrNull(event.clientId),
    text: null,
    deleted: false,
    data: dataOf(event, PLACED),
    target: kind === "deleted" ? Number(event.target) : null,
    by: kind === "deleted" || kind === "removed" ? stringOrNull(event.by) : null,
    isTakenBack: kind === "deleted" && event.takenBack === true,
    removes: kind === "removed" ? removedBy(event) : null,
  };
}

function removedBy({ author, from }: Record<string, unknown>): EventRow["removes"] {
  return isUuid(author) && Number.isSafeInteger(from) ? { author, from: Number(from) } : null;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const isUuid = (value: unknown): value is string => typeof value === "string" && UUID.test(value);

function parseObject(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return isRecord(value) && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const stringOrNull = (value: unknown): string | null => (typeof value === "string" ? value : null);
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

/** @param known fields that are left out. */
function dataOf(event: Record<string, unknown>, known: ReadonlySet<string>): string | null {
  const rest = Object.entries(event).filter(([field]) => !known.has(field));
  return rest.length > 0 ? JSON.stringify(Object.fromEntries(rest)) : null;
}

/** The only form of a NUL in JSON, which may also stand for a backslash and four zeros. */
const ESCAPED_NUL = "\\u0000";

/** Checks keys and values at any depth. */
function holdsNul(event: Record<string, unknown>): boolean {
  let found = false;
  JSON.stringify(event, (key, value: unknown) => {
    found ||= key.includes("\0") || (typeof value === "string" && value.includes("\0"));
    return value;
  });
  return found;
}
