/**
 * Removes what a user said in the last hour, in every room: one event a room, after which nobody sees those texts again. Owns which
 * rooms and how far back; remove.lua appends the event.
 */
import { randomUUID } from "node:crypto";
import { PRIVATE_NAME } from "../../shared/limits.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import { draftRemoval } from "../../shared/server/redis/event-draft.ts";
import type { RoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import { Refusal } from "../errors.ts";
import type { RoomLog } from "../room-log/room-log.ts";

type RemovalsDeps = {
  scripts: Pick<RoomLogStore, "roomsSpokenIn">;
  log: Pick<RoomLog, "remove">;
  /** Looks into PostgreSQL for messages of an author since a time; undefined without the room. */
  queries: {
    spokenSince: (
      room: string,
      author: string,
      sinceMs: number,
      max: number,
    ) => Promise<{ lowest: number | undefined; upTo: number } | undefined>;
  };
  now?: () => number;
};

const HOUR_MS = 3_600_000;
/** A user speaks in few rooms within an hour; a script that speaks in more loses those of the last ones. */
const ROOMS_MAX = 50;
/** Newest events of a room that are looked at: an hour of seventy a second. */
const EVENTS_MAX = 250_000;
/** Once more when events moved from Redis to PostgreSQL in between; then what is found is removed. */
const MAX_ATTEMPTS = 3;

export function createRemovals({ scripts, log, queries, now = Date.now }: RemovalsDeps) {
  return {
    /**
     * Removes the messages of `author`, room by room. Safe to repeat.
     * @param here a room that is looked at in any case: Redis may have lost where the user spoke.
     * @returns the number of rooms in which messages were removed.
     * @throws Unavailable when some rooms were not reached; the others are done.
     */
    async removeLately(by: string, author: string, here?: string): Promise<number> {
      const sinceMs = now() - HOUR_MS;
      const spoken = await scripts.roomsSpokenIn(author, sinceMs, ROOMS_MAX);
      // A role in the cluster is none in a private room.
      const rooms = new Set(
        [...(here === undefined ? [] : [here]), ...spoken].filter((room) => !PRIVATE_NAME.test(room)),
      );
      let removed = 0;
      for (const room of rooms) if (await removeIn(room, by, author, sinceMs)) removed++;
      return removed;
    },
  };

  async function removeIn(room: string, by: string, author: string, sinceMs: number): Promise<boolean> {
    const draft = draftRemoval({ room, clientId: randomUUID() }, by, author);
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      const found = await queries.spokenSince(room, author, sinceMs, EVENTS_MAX);
      if (found === undefined) return false;
      const upTo = attempt < MAX_ATTEMPTS ? found.upTo : undefined;
      try {
        const done = await log.remove(draft, { sinceMs, lowest: found.lowest, upTo });
        if (done !== "again") return done !== "none";
      } catch (error) {
        // A room that was closed meanwhile has no readers.
        if (error instanceof Refusal && (error.code === "no_such_room" || error.code === "room_archived"))
          return false;
        throw error;
      }
    }
    throw new Unavailable(`the log of room ${room} moved while it was read`);
  }
}
