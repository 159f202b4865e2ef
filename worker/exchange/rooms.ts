/**
 * The rooms of an import: the lines allowed in each, and their seqs. A room that does not exist yet is reserved, and
 * invisible until it is complete. In an existing room a range of seqs is reserved far above every seq that new messages
 * can reach during the import.
 */
import type { Sql } from "../../shared/server/postgres/pool.ts";
import type { RoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import { createImportRoomQueries, type ImportedRoom, type KnownRoom } from "./import-room-queries.ts";

export type ImportRooms = Awaited<ReturnType<typeof openImportRooms>>;
type RoomsDeps = {
  sql: Sql;
  logs: Pick<RoomLogStore, "readAfter">;
  importId: number;
  /** Allows adding to rooms that have messages. */
  append: boolean;
};

/**
 * Distance from a room's highest seq to the imported ones: more than ten days of ten thousand messages a second.
 * Messages sent during the import stay below, so nobody sees half of the import, and later ones come above it.
 */
const ROOM_TO_TALK = 10_000_000_000;
/** Max refused rooms in memory; beyond it they are looked up again. */
const MAX_REFUSED = 100_000;

export async function openImportRooms({ sql, logs, importId, append }: RoomsDeps) {
  const { findUnsettled, findKnown, reserveRooms, reserveRange } = createImportRoomQueries(sql);
  const rooms = new Map((await findUnsettled(importId)).map((room) => [room.name, room]));
  const refused = new Map<string, string>();

  return {
    /** Finds a place for each name, or a reason why there is none. */
    async admit(names: Iterable<string>): Promise<void> {
      const unknown = [...names].filter((name) => !rooms.has(name) && !refused.has(name));
      if (unknown.length === 0) return;
      if (refused.size > MAX_REFUSED) refused.clear();
      for (const room of await reserveRooms(importId, unknown)) rooms.set(room.name, room);
      const taken = unknown.filter((name) => !rooms.has(name));
      if (taken.length === 0) return;
      const known = new Map((await findKnown(taken)).map((room) => [room.name, room]));
      for (const name of taken) await admitKnown(name, known.get(name));
    },
    get: (name: string): ImportedRoom | undefined => rooms.get(name),
    whyNot: (name: string): string => refused.get(name) ?? "room: cannot be imported",
    /** For a room that was deleted during the import. */
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
    const room = await reserveRange(importId, known, given + ROOM_TO_TALK + 1);
    if (room) rooms.set(name, room);
    else refused.set(name, "room: is being imported by another process");
  }
}
