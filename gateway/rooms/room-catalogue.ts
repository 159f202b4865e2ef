/** A cache of the existing rooms; PostgreSQL is the truth. */
import type { FieldCode } from "../../shared/http-api.ts";
import { LOBBY, PRIVATE_NAME, ROOM_NAME, TITLE_CHARS } from "../../shared/limits.ts";
import { singleFlight } from "../../shared/server/process/single-flight.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import { prepareText } from "../../shared/text.ts";
import { Refusal } from "../errors.ts";
import type { RoomLimits, RoomQueries, StoredRoom } from "./room-queries.ts";

export type RoomsDirectory = ReturnType<typeof createRoomsDirectory>;

/** Size above which the cache is emptied. */
const MAX_KNOWN = 20_000;

type Queries = Pick<RoomQueries, "find" | "findSettled" | "add">;

/**
 * "No such room" is never cached, because a room made on another gateway must open for everybody who knows its name,
 * also when the news of it is late. Concurrent requests for one absent name cost two queries.
 * @param roomLimits undefined: no limits.
 */
export function createRoomsDirectory(queries: Queries, roomLimits: RoomLimits | undefined) {
  const rooms = new Map<string, { room: StoredRoom; stale: boolean }>();

  /** Single flight per name; an invalidation while the query runs prevents caching its result. */
  const ask = singleFlight((name: string) => queries.find(name), {
    onResult(room, name) {
      if (room) put(room, false);
      else rooms.delete(name);
    },
  });

  return {
    known,

    /**
     * Finds a room by name, whoever may know of it (access.ts); during a PostgreSQL outage a public one from the cache,
     * even if stale.
     * @throws Unavailable when PostgreSQL is down and the room is not cached.
     */
    find: async (name: string): Promise<StoredRoom | undefined> => known(name) ?? lookUp(name),
    lookUp,

    /** Finds a room with the members that every finished change has left. @throws Unavailable. */
    async lookUpSettled(name: string): Promise<StoredRoom | undefined> {
      ask.invalidate(name);
      const room = await queries.findSettled(name);
      if (room) put(room, false);
      return room;
    },

    /** @throws Refusal `invalid` (title), `room_taken`, `too_many_rooms` (made by this user) or `rooms_full`. */
    async create(name: string, rawTitle: string, userId: string): Promise<StoredRoom> {
      if (PRIVATE_NAME.test(name)) throw new Refusal("invalid", { fields: { name: "not_allowed" } });
      const room = await queries.add({ name, title: checkTitle(rawTitle), userId }, roomLimits);
      if (typeof room === "string") throw new Refusal(NOT_ADDED[room]);
      invalidate(name);
      put(room, false);
      return room;
    },

    /** Caches rooms that were read for another reason, maybe before the latest news, for PostgreSQL outages. */
    cacheStale(read: readonly StoredRoom[]): void {
      for (const room of read) if (!rooms.has(room.name)) put(room, true);
    },

    /** To be called when a room was created, changed or closed, here or elsewhere. */
    invalidate,
    /**
     * Marks every cached room as stale, because news may have been missed, and looks the lobby up now.
     * @throws Unavailable, or an error when the worker has not migrated the database to this release yet.
     */
    async reload(): Promise<void> {
      ask.invalidate();
      for (const known of rooms.values()) known.stale = true;
      await queries.find(LOBBY);
    },
  };

  /** As `find`, but asks PostgreSQL also for a cached room. */
  async function lookUp(name: string): Promise<StoredRoom | undefined> {
    if (!ROOM_NAME.test(name)) return undefined;
    const before = ask.running(name);
    try {
      // A query that was under way may have been answered before the room was created.
      return (before && (await before)) ?? (await ask(name));
    } catch (error) {
      const cached = rooms.get(name)?.room;
      if (cached && !cached.circle && error instanceof Unavailable) return cached;
      throw error;
    }
  }

  /** @returns the room if it is cached and nothing about it has changed, without a wait. */
  function known(name: string): StoredRoom | undefined {
    const cached = rooms.get(name);
    return cached && !cached.stale ? cached.room : undefined;
  }

  function put(room: StoredRoom, stale: boolean): void {
    if (rooms.size >= MAX_KNOWN) rooms.clear();
    const newest = rooms.get(room.name)?.room.circle?.version ?? 0;
    if (room.circle && room.circle.version < newest) return;
    rooms.set(room.name, { room, stale });
  }

  /** Marks a cached room as stale: the next look-up asks PostgreSQL. */
  function invalidate(name: string): void {
    ask.invalidate(name);
    const known = rooms.get(name);
    if (known) known.stale = true;
  }
}

const NOT_ADDED = { taken: "room_taken", user_cap: "too_many_rooms", cluster_cap: "rooms_full" } as const;

/** A title is one line of visible text; a message may have line breaks. @throws Refusal `invalid`. */
export function checkTitle(raw: string): string {
  const refuse = (code: FieldCode) => new Refusal("invalid", { fields: { title: code } });
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(raw.trim())) throw refuse("not_allowed");
  const title = prepareText(raw, TITLE_CHARS);
  if (title.ok) return title.text;
  throw refuse(title.code === "empty" ? "too_short" : "too_long");
}
