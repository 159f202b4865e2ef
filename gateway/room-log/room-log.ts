/**
 * The log of each room for its writers. A room that Redis lost, and each room after a restart, is recovered first, so
 * callers never see that. Owns how often this is tried; recovery/recover-room.ts owns the recovery.
 */
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import type { RoomLogStore } from "../../shared/server/redis/room-log-store.ts";

/** Makes the room current in Redis. @throws Refusal for a closed room; Unavailable. */
export type RecoverRoom = (room: string) => Promise<void>;
export type RoomLog = ReturnType<typeof createRoomLog>;

/**
 * The first finds that the room has to be recovered, the second succeeds; two more for a Redis that restarts in
 * between.
 */
const MAX_ATTEMPTS = 4;

export function createRoomLog(
  scripts: Pick<RoomLogStore, "append" | "delete" | "remove">,
  recover: RecoverRoom,
) {
  return {
    /**
     * Gives the event its seq, stores and publishes it, atomically; a client id sent before gets its first seq again.
     * @throws Refusal for a closed room; Unavailable with an unknown outcome: appending again is safe.
     */
    append: (draft: Parameters<RoomLogStore["append"]>[0]) =>
      whenCurrent(draft.room, recover, () => scripts.append(draft)),

    /**
     * Appends a deletion and removes its target's text from the log.
     * @returns and throws as the store and `append` do.
     */
    delete: (...[draft, deletion]: Parameters<RoomLogStore["delete"]>) =>
      whenCurrent(draft.room, recover, () => scripts.delete(draft, deletion)),

    /**
     * Appends a removal and removes its targets' texts from the log.
     * @returns and throws as the store and `append` do.
     */
    remove: (...[draft, bounds]: Parameters<RoomLogStore["remove"]>) =>
      whenCurrent(draft.room, recover, () => scripts.remove(draft, bounds)),
  };
}

/**
 * Runs `attempt` on a room that is current in Redis.
 * @param attempt returns undefined when the room has to be recovered first.
 * @throws Unavailable when Redis keeps restarting.
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
