/**
 * Sockets of this gateway by room: the start of a new epoch in thousands of rooms must not walk all sockets for each.
 */
import type { Socket } from "./connection.ts";

export function createRoomMembers() {
  const members = new Map<string, Set<Socket>>();

  return {
    /** @returns a copy, so that the caller may remove members while it walks them. */
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
