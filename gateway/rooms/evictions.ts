/** Takes the members out of a room that was closed, and notifies them, however this gateway finds out. */
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import type { ReportInternalError } from "../internal-errors.ts";
import type { ClosedCode } from "../room-log/live-room.ts";
import type { RoomFeed } from "../room-log/live-rooms.ts";
import type { RoomsDirectory } from "./room-catalogue.ts";

export type Evictions = ReturnType<typeof createEvictions>;

type EvictionsDeps = {
  directory: Pick<RoomsDirectory, "find" | "invalidate">;
  rooms: Pick<RoomFeed, "loaded" | "drop">;
  /** Takes all sockets of this gateway out of the room, and tells them. */
  expel: (room: string, code: ClosedCode) => void;
  onInternalError: ReportInternalError;
};

export function createEvictions({ directory, rooms, expel, onInternalError }: EvictionsDeps) {
  return {
    /** PostgreSQL says that the room in memory is closed. */
    evict,
    /**
     * Something about a room changed: who is in it stays only while it is the same room and open. That PostgreSQL is away now
     * does not matter: a closed room is sealed in Redis, and found out as one that cannot be read on.
     */
    settle(name: string): void {
      settle(name).catch((error: unknown) => {
        if (!(error instanceof Unavailable)) onInternalError(error, "room", { room: name });
      });
    },
  };

  function evict(name: string, code: ClosedCode): void {
    directory.invalidate(name);
    // First, so that nobody comes in meanwhile.
    rooms.drop(name);
    expel(name, code);
  }

  async function settle(name: string): Promise<void> {
    const room = rooms.loaded(name);
    if (!room) return;
    const stored = await directory.find(name);
    if (rooms.loaded(name) !== room) return;
    const isAnother = stored !== undefined && stored.bornSeq > 0 && room.log.position.seq <= stored.bornSeq;
    if (stored === undefined || isAnother) evict(name, "no_such_room");
    else if (stored.archived) evict(name, "room_archived");
  }
}
