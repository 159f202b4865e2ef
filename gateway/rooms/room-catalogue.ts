/** A cache of the rooms that exist; PostgreSQL is the truth. */
import type { FieldCode } from "../../shared/http-api.ts";
import { LOBBY, ROOM_NAME, TITLE_CHARS } from "../../shared/limits.ts";
import { singleFlight } from "../../shared/server/process/single-flight.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import { prepareText } from "../../shared/text.ts";
import { Refusal } from "../errors.ts";
import type { RoomLimits, RoomQueries, StoredRoom } from "./room-queries.ts";

export type RoomsDirectory = ReturnType<typeof createRoomsDirectory>;

/** Beyond so many rooms the cache is emptied. */
const MAX_KNOWN = 20_000;

type Queries = Pick<RoomQueries, "find" | "add">;

/**
 * "No such room" is never remembered, because a room made elsewhere must open for whoever was told of it, also when the
 * news of it is late. A crowd that asks for one absent name at once costs two questions.
 * @param roomLimits null: there are none.
 */
export function createRoomsDirectory(queries: Queries, roomLimits: RoomLimits | null) {
  const rooms = new Map<string, { room: StoredRoom; stale: boolean }>();

  /** In single flight for each name. After news the answer to an earlier question is not remembered. */
  const ask = singleFlight((name: string) => queries.find(name), {
    onResult(room, name) {
      if (room) put(room, false);
      else rooms.delete(name);
    },
  });

  return {
    /**
     * The room of this name. A room once known is found while PostgreSQL is away as well.
     * @throws the outage when PostgreSQL is away and the room was never known.
     */
    async find(name: string): Promise<StoredRoom | undefined> {
      const known = rooms.get(name);
      if (known && !known.stale) return known.room;
      if (!ROOM_NAME.test(name)) return undefined;
      const before = ask.running(name);
      try {
        // A question that was under way may have been answered before the room was made.
        return (before && (await before)) ?? (await ask(name));
      } catch (error) {
        if (known && error instanceof Unavailable) return known.room;
        throw error;
      }
    },

    /** @throws Refusal `invalid` (title), `room_taken`, `too_many_rooms` (made by this user) or `rooms_full`. */
    async create(name: string, rawTitle: string, userId: string): Promise<StoredRoom> {
      const room = await queries.add({ name, title: checkTitle(rawTitle), userId }, roomLimits);
      if (typeof room === "string") throw new Refusal(NOT_ADDED[room]);
      invalidate(name);
      put(room, false);
      return room;
    },

    /** Rooms that were read for another reason, maybe before the latest news: good for when PostgreSQL is away. */
    cacheStale(read: readonly StoredRoom[]): void {
      for (const room of read) if (!rooms.has(room.name)) put(room, true);
    },

    /** To be called when a room was made, changed or closed, here or elsewhere. */
    invalidate,
    /**
     * Marks every cached room as stale, because news may have been missed, and looks the lobby up now.
     * @throws the outage, or that the worker has not brought the database to this release yet.
     */
    async reload(): Promise<void> {
      ask.invalidate();
      for (const known of rooms.values()) known.stale = true;
      await queries.find(LOBBY);
    },
  };

  function put(room: StoredRoom, stale: boolean): void {
    if (rooms.size >= MAX_KNOWN) rooms.clear();
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

/** One line of visible text: a line break is refused here, though a message may have one. @throws Refusal `invalid`. */
export function checkTitle(raw: string): string {
  const refuse = (code: FieldCode) => new Refusal("invalid", { fields: { title: code } });
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(raw.trim())) throw refuse("not_allowed");
  const title = prepareText(raw, TITLE_CHARS);
  if (title.ok) return title.text;
  throw refuse(title.code === "empty" ? "too_short" : "too_long");
}
