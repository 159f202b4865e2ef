/**
 * The rooms that are in memory now, and how many people wait for each room on this gateway. Filled by live-rooms.ts; read also
 * by those who recover rooms, the one with the highest demand first.
 */
import type { Room } from "./live-room.ts";

export type LoadedRooms = ReturnType<typeof createLoadedRooms>;

export function createLoadedRooms() {
  const rooms = new Map<string, Room>();
  const joining = new Map<string, number>();

  return {
    rooms,

    /** Members of the room, and those who are joining it while it is opened. */
    demandOf: (room: string): number => (rooms.get(room)?.members ?? 0) + (joining.get(room) ?? 0),

    /** Counts one who waits for the room while `open` is under way. */
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
