/** Whether somebody may be in a room, and how fast they may write: told on as long as either store can tell. */
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import type { RoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import { Refusal } from "../errors.ts";
import type { RoomsDirectory } from "./room-catalogue.ts";

export function createOpenRooms(
  directory: Pick<RoomsDirectory, "find">,
  scripts: Pick<RoomLogStore, "heads">,
) {
  return {
    /** @throws Refusal `room_archived`, or an outage. */
    async exists(name: string): Promise<boolean> {
      try {
        const room = await directory.find(name);
        if (room?.archived) throw new Refusal("room_archived");
        return room !== undefined;
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
        // PostgreSQL is away and this gateway never heard of the room: what Redis goes on with is open, or it would be sealed.
        const [head] = await scripts.heads([name]);
        if (head?.current) return true;
        throw error;
      }
    },

    /** How long each member waits between two messages, ms. A room in slow mode is not shut for PostgreSQL being away. */
    async slowModeOf(name: string): Promise<number> {
      try {
        return (await directory.find(name))?.slowModeMs ?? 0;
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
        return 0;
      }
    },
  };
}
