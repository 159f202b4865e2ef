/**
 * The rooms of an import: which lines may go where, and under which seqs. A room that is not there yet is reserved, and is no room before
 * all of it is written. In one that is there, a range of seqs is taken far above every seq that its talk can reach meanwhile.
 */
import type { Sql } from "../../shared/server/postgres/pool.ts";
import type { RoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import {
  findKnown,
  findUnsettled,
  type ImportedRoom,
  type KnownRoom,
  reserveRange,
  reserveRooms,
} from "./import-room-queries.ts";

export type ImportRooms = Awaited<ReturnType<typeof openImportRooms>>;
type RoomsDeps = {
  sql: Sql;
  logs: Pick<RoomLogStore, "readAfter">;
  importId: number;
  /** Rooms that have messages are added to. */
  append: boolean;
};

/**
 * Between what a room was given so far and what is imported: more than ten days of ten thousand messages a second. What is said while the
 * import runs stays below, so nobody is shown half of it, and the talk goes on above once all of it is there.
 */
const ROOM_TO_TALK = 10_000_000_000;
/** Rooms that are remembered; a refused one is asked for again beyond. */
const MAX_REFUSED = 100_000;

export async function openImportRooms({ sql, logs, importId, append }: RoomsDeps) {
  const rooms = new Map((await findUnsettled(sql, importId)).map((room) => [room.name, room]));
  const refused = new Map<string, string>();

  return {
    /** Has a place for each of the names, or a reason why there is none. */
    async admit(names: Iterable<string>): Promise<void> {
      const unknown = [...names].filter((name) => !rooms.has(name) && !refused.has(name));
      if (unknown.length === 0) return;
      if (refused.size > MAX_REFUSED) refused.clear();
      for (const room of await reserveRooms(sql, importId, unknown)) rooms.set(room.name, room);
      const taken = unknown.filter((name) => !rooms.has(name));
      if (taken.length === 0) return;
      const known = new Map((await findKnown(sql, taken)).map((room) => [room.name, room]));
      for (const name of taken) await admitKnown(name, known.get(name));
    },
    get: (name: string): ImportedRoom | undefined => rooms.get(name),
    whyNot: (name: string): string => refused.get(name) ?? "room: cannot be imported",
    /** The room was deleted meanwhile. */
    lose(name: string): void {
      rooms.delete(name);
      refused.set(name, "room: was deleted while it was imported");
    },
    all: (): ImportedRoom[] => [...rooms.values()],
  };

  async function admitKnown(name: string, known: KnownRoom | undefined): Promise<void> {
    if (known === undefined) {
      refused.set(name, "room: is being imported by another process");
      return;
    }
    const log = await logs.readAfter(name, Number.MAX_SAFE_INTEGER, 1);
    const spoken = known.lastSeq > known.bornSeq || (log !== undefined && log.state.seq > log.state.base);
    if (spoken && !append) {
      refused.set(name, "room: has messages (--append adds to them)");
      return;
    }
    const given = Math.max(known.lastSeq, known.epochSeq, log?.state.seq ?? 0);
    const room = await reserveRange(sql, importId, known, given + ROOM_TO_TALK + 1);
    if (room) rooms.set(name, room);
    else refused.set(name, "room: is being imported by another process");
  }
}
