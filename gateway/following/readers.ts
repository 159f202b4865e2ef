/**
 * How far the users who follow rooms on this gateway have read: loaded from Redis and PostgreSQL, kept current by the announcements
 * of all gateways. Reads only move forward. Owns what happens when an announcement was missed.
 */
import { singleFlight } from "../../shared/server/process/single-flight.ts";
import { movesIn, type ReadStore } from "../../shared/server/redis/read-store.ts";
import type { Sightings } from "./sightings.ts";

export type Readers = ReturnType<typeof createReaders>;
/** `reads`: room -> seq. `userId` undefined: a guest, whose reads end with the socket. */
export type Reader = { readonly userId: string | undefined; readonly reads: Map<string, number> };

export type ReadersDeps = {
  store: Pick<ReadStore, "keep">;
  /** Finds the reads of a user, by room. */
  find: (userId: string) => Promise<[room: string, seq: number][]>;
  /** Called when a user has read further in a room, wherever that was. */
  onMoved: (reader: Reader, room: string) => void;
  /** One string for each name of a room, because thousands of people have fifty each. */
  nameOf: (room: string) => string;
  /** Learns of every announced read, and when some were missed. */
  sightings: Pick<Sightings, "note" | "begin">;
};

/** Users whose reads are loaded again at one look, after an announcement was missed. */
const AGAIN_AT_ONCE = 200;

export function createReaders({ store, find, onMoved, nameOf, sightings }: ReadersDeps) {
  const known = new Map<string, { reader: Reader; users: number }>();
  /** The number of the last announcement, and whether the one of the last look is not here yet. */
  let heard = -1;
  let late = -1;
  const stale = new Set<string>();
  const load = singleFlight(loadOnce);

  return {
    /** @returns the reader of a user, for as long as `close` is not called as often. @throws Unavailable. */
    async open(userId: string): Promise<Reader> {
      const entry = known.get(userId) ?? { reader: { userId, reads: new Map<string, number>() }, users: 0 };
      const isNew = entry.users === 0;
      entry.users++;
      known.set(userId, entry);
      try {
        if (isNew || load.running(userId)) await load(userId);
        return entry.reader;
      } catch (error) {
        release(userId);
        throw error;
      }
    },
    close: release,
    advance,

    /**
     * Notes where a user's rooms stand that they never followed before. Only in Redis, because somebody who comes with fifty rooms has
     * read nothing yet. @throws Unavailable.
     */
    async begin(reader: Reader, reads: ReadonlyMap<string, number>): Promise<void> {
      if (reads.size === 0) return;
      // Another device may have been there first, which is not announced.
      if (reader.userId !== undefined) await load(reader.userId);
      const unknown = new Map([...reads].filter(([room]) => !reader.reads.has(room)));
      if (reader.userId !== undefined && unknown.size > 0) await store.keep(reader.userId, "", unknown);
      for (const [room, seq] of unknown) advance(reader, room, seq);
    },

    /** To be called with each message about reads. */
    onBus(message: Buffer): void {
      const announced = movesIn(message.toString("latin1"));
      if (!announced) return;
      if (heard >= 0 && announced.count > heard + 1) missed();
      heard = Math.max(heard, announced.count);
      for (const { userId, room, seq } of announced.moves) {
        sightings.note(userId, room, seq);
        const reader = known.get(userId)?.reader;
        if (reader) advance(reader, room, seq);
      }
    },

    /** Compares with the count of announcements in Redis. An announcement that was on its way at the last look is missed by now. */
    async check(announced: number): Promise<void> {
      if (heard < 0 || announced < heard) {
        if (heard >= 0) missed();
        heard = announced;
      } else if (late > heard) {
        missed();
        heard = announced;
      }
      late = announced;
      const due = [...stale].slice(0, AGAIN_AT_ONCE);
      for (const userId of due) stale.delete(userId);
      try {
        await Promise.all(due.map((userId) => known.has(userId) && load(userId)));
      } catch (error) {
        for (const userId of due) stale.add(userId);
        throw error;
      }
    },

    /** Announcements were missed. */
    missed,
    get count(): number {
      return known.size;
    },
  };

  function missed(): void {
    sightings.begin();
    for (const userId of known.keys()) stale.add(userId);
  }

  function release(userId: string): void {
    const entry = known.get(userId);
    if (!entry) return;
    entry.users--;
    if (entry.users > 0) return;
    known.delete(userId);
    stale.delete(userId);
  }

  /** @returns whether that is further than before. */
  function advance(reader: Reader, room: string, seq: number): boolean {
    if (seq <= (reader.reads.get(room) ?? -1)) return false;
    reader.reads.set(nameOf(room), seq);
    onMoved(reader, room);
    return true;
  }

  async function loadOnce(userId: string): Promise<void> {
    const reads = await find(userId);
    const reader = known.get(userId)?.reader;
    if (reader) for (const [room, seq] of reads) advance(reader, room, seq);
  }
}
