/** Whether a room is open, and its slow mode. Answers as long as Redis or PostgreSQL does. */
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import type { RoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import { Refusal } from "../errors.ts";
import type { RoomsDirectory } from "./room-catalogue.ts";

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

    /** How long each member waits between two messages, ms. A PostgreSQL outage does not close a room in slow mode. */
    slowModeOf(name: string): number | Promise<number> {
      return directory.known(name)?.slowModeMs ?? findSlowMode(name);
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

  async function findSlowMode(name: string): Promise<number> {
    try {
      return (await directory.find(name))?.slowModeMs ?? 0;
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      return 0;
    }
  }
}
