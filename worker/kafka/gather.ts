/**
 * Reads the next events of many rooms, in turns: as many as one transaction may have, no more than a share of them of one room, from
 * few days by each statement. Changes nothing.
 */
import { archivedEventJson } from "../../shared/server/events/archived-event.ts";
import { nextStep, type Span, type Step } from "../exchange/day-spans.ts";
import type { PublishQueries, Room, RoomEvent, Wanted } from "./publish-queries.ts";

type Queries = Pick<PublishQueries, "findRooms" | "findSpans" | "readEvents">;

/** `json`: the bytes that browsers get. */
export type ReadEvent = RoomEvent & { json: Buffer };
/** All events of a room above `above` and up to `upTo`, in order. `hasMore`: there may be others above that. */
export type Turn = { room: Room; above: number; upTo: number; events: ReadEvent[]; hasMore: boolean };

export type Bounds = {
  /** Of all rooms together. */
  events: number;
  /** Of the records of all rooms together, about; the last statement may go beyond. */
  bytes: number;
  /** Events of a room while others wait. */
  share: number;
  /** Events that one statement reads. */
  rows: number;
  /** Partitions that one statement opens; more only where the days of a room overlap. */
  days: number;
  statements: number;
};

/** A transaction of that size takes a fraction of a second. */
export const BOUNDS: Bounds = { events: 2_000, bytes: 4 << 20, share: 50, rows: 500, days: 8, statements: 8 };

/** Headers and keys of the records of an event. */
const OVERHEAD_BYTES = 600;
/** How many more days of a room are read at once where that many overlap. */
const MORE_SPANS = 8;

type Cursor = Turn & {
  /** Its days, by their lowest seq; undefined: not read. */
  spans: Span[] | undefined;
  /** There may be more days behind. */
  isCut: boolean;
  spanMax: number;
};
type Begun = { cursor: Cursor; step: Step; wanted: number };

/**
 * @param names rooms, in the order of their turns. @param published the seq up to which Kafka has a room.
 * @returns a turn of each room that exists, in that order; some may be empty and have more.
 */
export async function gather(
  queries: Queries,
  names: readonly string[],
  published: (room: string) => number,
  bounds: Bounds = BOUNDS,
): Promise<Turn[]> {
  const places = new Map(names.map((name, place) => [name, place]));
  const placeOf = ({ name }: Room): number => places.get(name) ?? 0;
  const rooms = (await queries.findRooms(names)).sort((one, other) => placeOf(one) - placeOf(other));
  const cursors = rooms.map((room): Cursor => {
    const above = published(room.name);
    const turn = { room, above, upTo: above, events: [], hasMore: above < room.lastSeq };
    return { ...turn, spans: undefined, isCut: false, spanMax: bounds.days + 2 };
  });
  const share = Math.max(bounds.share, Math.floor(bounds.events / Math.max(1, cursors.length)));
  let left = bounds.events;
  let bytes = 0;
  for (let statement = 0; statement < bounds.statements && left > 0 && bytes < bounds.bytes; statement++) {
    const open = cursors.filter(({ hasMore, events }) => hasMore && events.length < share);
    const begun = await findSteps(queries, open, share, bounds.days);
    const read = await readSome(queries, begun, Math.min(bounds.rows, left));
    if (read.length === 0 && begun.length === 0) break;
    left -= read.length;
    for (const { kind, json } of read) bytes += OVERHEAD_BYTES + json.length * (kind === "message" ? 2 : 1);
  }
  return cursors.map(({ room, above, upTo, events, hasMore }) => ({ room, above, upTo, events, hasMore }));
}

/** Finds the days that are read next of each room. Rooms without such a day have no more events. */
async function findSteps(queries: Queries, open: Cursor[], share: number, days: number): Promise<Begun[]> {
  const begun: Begun[] = [];
  let left = open;
  while (left.length > 0) {
    await readSpans(
      queries,
      left.filter(({ spans }) => spans === undefined),
    );
    const again: Cursor[] = [];
    for (const cursor of left) {
      const { spans = [], isCut, upTo, room, events } = cursor;
      const wanted = share - events.length;
      const step = nextStep(spans, upTo, wanted, days);
      if (isCut && (step === undefined || step.days.includes(spans.at(-1)?.day ?? ""))) {
        // The last day only says where the ones before end: those behind it are not known.
        if (spans.every(({ last }) => last > upTo)) cursor.spanMax *= MORE_SPANS;
        cursor.spans = undefined;
        again.push(cursor);
      } else if (step === undefined) {
        finish(cursor);
      } else {
        begun.push({ cursor, wanted, step: { ...step, upTo: Math.min(step.upTo, room.lastSeq) } });
      }
    }
    left = again;
  }
  return begun;
}

async function readSpans(queries: Queries, cursors: Cursor[]): Promise<void> {
  for (const [max, some] of Map.groupBy(cursors, ({ spanMax }) => spanMax)) {
    const found = await queries.findSpans(
      some.map(({ room, upTo }) => ({ roomId: room.id, above: upTo })),
      max,
    );
    for (const cursor of some) {
      const spans = found.get(cursor.room.id) ?? [];
      // An import under way has rows above the last seq, which are none of the room's yet.
      cursor.spans = spans.filter(({ first }) => first <= cursor.room.lastSeq);
      cursor.isCut = cursor.spans.length === max;
    }
  }
}

/** One statement: for the first room, and for those others whose next days are among its days. */
async function readSome(queries: Queries, begun: Begun[], rows: number): Promise<ReadEvent[]> {
  const days = begun[0]?.step.days;
  if (days === undefined) return [];
  const asked: (Wanted & { cursor: Cursor })[] = [];
  let left = rows;
  for (const { cursor, step, wanted } of begun) {
    if (left === 0) break;
    if (!step.days.every((day) => days.includes(day))) continue;
    const max = Math.min(left, wanted, step.upTo - step.above);
    asked.push({ cursor, roomId: cursor.room.id, above: step.above, upTo: step.upTo, max });
    left -= max;
  }
  const found = Map.groupBy(await queries.readEvents(asked, days), ({ roomId }) => roomId);
  return asked.flatMap(({ cursor, upTo, max }) => {
    const events = (found.get(cursor.room.id) ?? []).map((event) => ({
      ...event,
      json: Buffer.from(archivedEventJson(cursor.room.name, event)),
    }));
    cursor.events.push(...events);
    cursor.upTo = events.length < max ? upTo : (events.at(-1)?.seq ?? upTo);
    if (cursor.upTo >= cursor.room.lastSeq) finish(cursor);
    return events;
  });
}

function finish(cursor: Cursor): void {
  cursor.upTo = cursor.room.lastSeq;
  cursor.hasMore = false;
}
