/**
 * The log of each room as its writers see it: where Redis lost the room, or was restarted, it is recovered first, so callers
 * never see that. Owns how often this is tried; how a room is recovered is recovery/recover-room.ts'.
 */
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import type { RoomLogStore } from "../../shared/server/redis/room-log-store.ts";

/** Makes the room current in Redis. @throws Refusal for a room that is closed, or an outage. */
export type RecoverRoom = (room: string) => Promise<void>;
export type RoomLog = ReturnType<typeof createRoomLog>;

/** The first finds out that the room has to be recovered, the second succeeds; two more for a Redis that is restarted meanwhile. */
const MAX_ATTEMPTS = 4;

export function createRoomLog(scripts: Pick<RoomLogStore, "append" | "delete">, recover: RecoverRoom) {
  return {
    /**
     * Gives the event its seq, keeps and publishes it, all or nothing; a client id sent before gets its first seq again.
     * @throws Refusal for a room that is closed; an outage leaves the outcome unknown, and appending again is safe.
     */
    append: (draft: Parameters<RoomLogStore["append"]>[0]) =>
      whenCurrent(draft.room, recover, () => scripts.append(draft)),

    /** Appends a deletion and takes its target's text out of the log. @returns and throws as the store and `append` do. */
    delete: (...[draft, deletion]: Parameters<RoomLogStore["delete"]>) =>
      whenCurrent(draft.room, recover, () => scripts.delete(draft, deletion)),
  };
}

/**
 * Does something with a room that is current in Redis.
 * @param attempt undefined: the room has to be recovered first.
 * @throws an outage when Redis is restarted again and again.
 */
export async function whenCurrent<T>(
  room: string,
  recover: RecoverRoom,
  attempt: () => Promise<T | undefined>,
): Promise<T> {
  for (let attempts = 0; attempts < MAX_ATTEMPTS; attempts++) {
    const done = await attempt();
    if (done !== undefined) return done;
    await recover(room);
  }
  throw new Unavailable(`the log of room ${room} could not be recovered`);
}
