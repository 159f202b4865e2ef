/**
 * The newest messages of the rooms that a person has seen in this browser, for a start without a network. Each entry has its owner;
 * those of others are deleted as soon as there is another owner.
 */
import type { RoomEvent } from "../../shared/server-frames.ts";
import type { KeptDatabase } from "./kept-database.ts";

/** The end of a room's log, as it was at `at`. `more`: older events exist. */
export type KnownRoom = {
  epoch: string;
  head: number;
  events: readonly RoomEvent[];
  more: boolean;
  at: number;
};
export type KnownRooms = ReturnType<typeof createKnownRooms>;

/** As many as a join gives. */
const MAX_EVENTS = 50;
const MAX_ROOMS = 30;
/** Older messages may have been deleted since, or expired. */
const MAX_AGE_MS = 7 * 86_400_000;
const ROOMS = "rooms";
const LIVE = "live";

export function createKnownRooms(
  database: Pick<KeptDatabase, "get" | "put" | "remove" | "keysUnder">,
  now: () => number,
) {
  return {
    async find(owner: string, room: string): Promise<KnownRoom | undefined> {
      const known = await database.get([ROOMS, owner, room]);
      return looksRight(known) && now() - known.at < MAX_AGE_MS ? known : undefined;
    },
    keep(
      owner: string,
      room: string,
      { epoch, head, events, more }: Omit<KnownRoom, "at">,
    ): Promise<unknown> {
      const newest = events.slice(-MAX_EVENTS);
      const known: KnownRoom = {
        epoch,
        head,
        events: newest,
        more: more || newest.length < events.length,
        at: now(),
      };
      return database.put([ROOMS, owner, room], known);
    },
    forget: (owner: string, room: string): Promise<unknown> => database.remove([ROOMS, owner, room]),
    /** When this page, or one before it, last had a connection. */
    async liveAt(): Promise<number | undefined> {
      const at = await database.get([LIVE]);
      return typeof at === "number" ? at : undefined;
    },
    keepLiveAt: (at: number): Promise<unknown> => database.put([LIVE], at),
    /** Deletes everything of other owners, and of this one what is too old or too much. */
    async keepOnly(owner: string): Promise<void> {
      const own: { key: string[]; at: number }[] = [];
      for (const key of await database.keysUnder([ROOMS])) {
        const known = key[1] === owner ? await database.get(key) : undefined;
        if (looksRight(known) && now() - known.at < MAX_AGE_MS) own.push({ key, at: known.at });
        else await database.remove(key);
      }
      const surplus = own.toSorted((a, b) => b.at - a.at).slice(MAX_ROOMS);
      for (const { key } of surplus) await database.remove(key);
    },
  };
}

/** Whether this release wrote it, or one that wrote the same. */
function looksRight(value: unknown): value is KnownRoom {
  if (typeof value !== "object" || value === null) return false;
  const { epoch, head, events, at } = value as Record<string, unknown>;
  return (
    typeof epoch === "string" && typeof head === "number" && typeof at === "number" && Array.isArray(events)
  );
}
