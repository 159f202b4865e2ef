/** Which sockets of this gateway are in a room: thousands of rooms that begin anew at once must not look at all sockets each. */
import type { Socket } from "./connection.ts";

export function createRoomMembers() {
  const members = new Map<string, Set<Socket>>();

  return {
    /** As they are now: whoever leaves meanwhile was there. */
    of: (room: string): Socket[] => [...(members.get(room) ?? [])],

    add(room: string, socket: Socket): void {
      const here = members.get(room);
      if (here) here.add(socket);
      else members.set(room, new Set([socket]));
    },

    remove(room: string, socket: Socket): void {
      const here = members.get(room);
      here?.delete(socket);
      if (here?.size === 0) members.delete(room);
    },
  };
}
