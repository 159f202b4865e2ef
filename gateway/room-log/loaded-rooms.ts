/**
 * The rooms in memory, and the demand for each room on this gateway. Filled by live-rooms.ts; also read by the
 * recovery, which begins with the rooms of the highest demand.
 */
import type { Room } from "./live-room.ts";

export type LoadedRooms = ReturnType<typeof createLoadedRooms>;

export function createLoadedRooms() {
  const rooms = new Map<string, Room>();
  const joining = new Map<string, number>();

  return {
    rooms,

    /** @returns members of the room, and sockets that are joining it while it is loaded. */
    demandOf: (room: string): number => (rooms.get(room)?.members ?? 0) + (joining.get(room) ?? 0),

    /** Counts a joining socket until `open` has ended. */
    async whileJoining<T>(room: string, open: () => Promise<T>): Promise<T> {
      joining.set(room, (joining.get(room) ?? 0) + 1);
      try {
        return await open();
      } finally {
        const left = (joining.get(room) ?? 0) - 1;
        if (left > 0) joining.set(room, left);
        else joining.delete(room);
      }
    },
  };
}
