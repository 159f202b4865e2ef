/** Whether a room is open, and its slow mode. Answers as long as Redis or PostgreSQL does. */
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import type { RoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import { Refusal } from "../errors.ts";
import { moderates } from "./access.ts";
import type { RoomsDirectory } from "./room-catalogue.ts";
import type { StoredRoom } from "./room-queries.ts";

const slowModeFor = (room: StoredRoom, userId: string): number =>
  moderates(room, userId) ? 0 : room.slowModeMs;

export function createOpenRooms(
  directory: Pick<RoomsDirectory, "find" | "known">,
  scripts: Pick<RoomLogStore, "heads">,
) {
  return {
    exists,

    /** Whether there is such a room that is not archived. @throws Unavailable. */
    async isOpen(name: string): Promise<boolean> {
      try {
        return await exists(name);
      } catch (error) {
        if (error instanceof Refusal) return false;
        throw error;
      }
    },

    /**
     * How long a user waits between two messages, ms: moderators of a private room do not. A PostgreSQL outage does not close
     * a room in slow mode.
     */
    slowModeOf(name: string, userId: string): number | Promise<number> {
      const room = directory.known(name);
      return room ? slowModeFor(room, userId) : findSlowMode(name, userId);
    },
  };

  /** @throws Refusal `room_archived`; Unavailable. */
  async function exists(name: string): Promise<boolean> {
    try {
      const room = await directory.find(name);
      if (room?.archived) throw new Refusal("room_archived");
      return room !== undefined;
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      // During a PostgreSQL outage, for a room that is not cached here: a room that is current in Redis is open,
      // because closing seals it.
      const [head] = await scripts.heads([name]);
      if (head?.current) return true;
      throw error;
    }
  }

  async function findSlowMode(name: string, userId: string): Promise<number> {
    try {
      const room = await directory.find(name);
      return room ? slowModeFor(room, userId) : 0;
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      return 0;
    }
  }
}
