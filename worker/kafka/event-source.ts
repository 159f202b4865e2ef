/**
 * The events of rooms, as a source of records. A room's events are published in the order of their seqs, and the watermark of the room
 * says in the same transaction up to where. Whichever process dies, the next one goes on behind it.
 */
import type { Log } from "../../shared/server/process/logger.ts";
import { type RecordPlaces, readWatermark, recordsOf, removalKey, removalsIn } from "./event-records.ts";
import { gather, type Turn } from "./gather.ts";
import { createMirror } from "./mirror.ts";
import type { MirrorQueries } from "./mirror-queries.ts";
import type { PublishQueries } from "./publish-queries.ts";
import { isOfRoom, type Piece, type Reading, type Source } from "./source.ts";
import { createWaitingRooms } from "./waiting-rooms.ts";

/** How soon news is found of which nobody told. */
const LOOK_MS = 10_000;
/** How far the mirror is behind Kafka. */
const MIRROR_MS = 1_000;
/** Rooms that a look finds at once; it goes on when few of them are left. */
const FOUND_AT_ONCE = 5_000;
const ROOMS_AT_ONCE = 500;

export type EventSourceDeps = RecordPlaces & {
  queries: PublishQueries;
  mirrorQueries: MirrorQueries;
  log: Log;
};
export type EventSource = Source & {
  /** To be called when events of a room became rows. */
  wake(room: string): void;
  /** How many events wait, by their seqs, as the last look found it. */
  lagEvents(): number;
  /** How long the news waits that has been known longest, ms. */
  lagMs(): number;
};

export function createEventSource({ queries, mirrorQueries, log, ...places }: EventSourceDeps): EventSource {
  const waiting = createWaitingRooms();
  const mirror = createMirror(mirrorQueries);
  let lookAt = 0;
  let mirrorAt = 0;
  /** The last room that a look found, when there are more. */
  let foundUpTo = 0;
  let isMapped = false;
  let behind = 0;

  return {
    look,
    open,
    end: mirror.flush,
    wake: waiting.add,
    lagEvents: () => (waiting.size === 0 ? 0 : behind),
    lagMs: waiting.longestMs,
  };

  async function look(): Promise<void> {
    const now = performance.now();
    if (now < lookAt || (foundUpTo > 0 && waiting.size > ROOMS_AT_ONCE)) return;
    await mirror.flush();
    isMapped ||= !(await queries.hasUnmappedDays());
    const found = await queries.findBehind(foundUpTo, FOUND_AT_ONCE);
    for (const { name } of found) waiting.add(name);
    const isAll = found.length < FOUND_AT_ONCE;
    foundUpTo = isAll ? 0 : (found.at(-1)?.id ?? 0);
    lookAt = isAll ? now + LOOK_MS : 0;
    behind = waiting.size === 0 ? 0 : (await mirrorQueries.countBehind()).events;
  }

  function open(): Reading {
    /** The seq of the last event of each room that Kafka has. */
    const published = new Map<string, number>();
    const publishedOf = (room: string): number => published.get(room) ?? 0;

    return {
      restore({ key, value }) {
        if (isOfRoom(key) && value !== undefined) published.set(key, readWatermark(value));
      },
      async restored() {
        const ahead = await mirror.correct(publishedOf);
        const fields = { rooms: ahead.slice(0, 10), count: ahead.length };
        if (ahead.length > 0)
          log.error(fields, "Kafka has events of these rooms that PostgreSQL has no more");
        lookAt = 0;
        await look();
      },
      next: () => next(published, publishedOf),
    };
  }

  async function next(
    published: Map<string, number>,
    publishedOf: (room: string) => number,
  ): Promise<Piece | undefined> {
    const names = isMapped ? waiting.take(ROOMS_AT_ONCE) : [];
    const now = performance.now();
    if (names.length === 0 || now > mirrorAt) {
      mirrorAt = now + MIRROR_MS;
      await mirror.flush();
    }
    if (names.length === 0) return undefined;
    const turns = await gather(queries, names, publishedOf);
    const removed = await findRemoved(turns);
    return {
      records: turns.flatMap((turn) => recordsOf(turn, removed, places)),
      settle(isCommitted) {
        if (isCommitted) settle(turns, published);
        else waiting.settle(names.map((room) => ({ room, hadTurn: false, hasMore: true })));
      },
    };
  }

  async function findRemoved(turns: readonly Turn[]): Promise<Map<string, number[]>> {
    const removed = new Map<string, number[]>();
    for (const removal of turns.flatMap(removalsIn)) {
      const seqs: number[] = [];
      for (const day of await queries.findDays(removal))
        seqs.push(...(await queries.findRemoved(removal, day)));
      removed.set(removalKey(removal.roomId, removal.seq), seqs);
    }
    return removed;
  }

  function settle(turns: readonly Turn[], published: Map<string, number>): void {
    for (const { room, upTo, events } of turns) {
      const last = events.at(-1);
      if (last) published.set(room.name, last.seq);
      // Also where nothing was left to publish: of a transaction whose answer was lost, nobody noted it.
      mirror.note(room.id, upTo);
      behind = Math.max(0, behind - events.length);
    }
    waiting.settle(
      turns.map(({ room, above, upTo, hasMore }) => ({ room: room.name, hadTurn: upTo > above, hasMore })),
    );
  }
}
