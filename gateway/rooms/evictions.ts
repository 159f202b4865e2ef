/**
 * Takes the members out of a closed room, and those out of a private one who are members no more, and notifies them,
 * however this gateway finds out.
 */
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import type { ReportInternalError } from "../internal-errors.ts";
import type { ClosedCode } from "../room-log/live-room.ts";
import type { RoomFeed } from "../room-log/live-rooms.ts";
import { isOpenTo, isPrivateName } from "./access.ts";
import type { RoomsDirectory } from "./room-catalogue.ts";

export type Evictions = ReturnType<typeof createEvictions>;

type EvictionsDeps = {
  directory: Pick<RoomsDirectory, "find" | "known" | "invalidate">;
  rooms: Pick<RoomFeed, "loaded" | "drop" | "all">;
  /** Takes the sockets of this gateway whose user is not to stay out of the room, with notice. */
  expel: (room: string, code: ClosedCode, mayStay?: (userId: string | undefined) => boolean) => void;
  onInternalError: ReportInternalError;
};

export function createEvictions({ directory, rooms, expel, onInternalError }: EvictionsDeps) {
  return {
    /** For a room in memory that is closed by PostgreSQL. */
    evict,
    /**
     * For a room that changed: its members stay only while it is the same room and open to them. A PostgreSQL outage does
     * no harm: a closed room is sealed in Redis, and is found as one that cannot be read on; the members of a private one are
     * compared again at each heartbeat until PostgreSQL answers.
     */
    settle: settleSoon,

    /** For people who are out of a private room since a version of its members: at once, also without PostgreSQL. */
    expelFrom(name: string, gone: readonly string[], version: number): void {
      const known = directory.known(name)?.circle;
      if (known && known.version >= version) return;
      expel(name, "no_such_room", (userId) => userId !== undefined && !gone.includes(userId));
    },

    /** At each heartbeat: the private rooms of which news came, or may have been missed. */
    async settleDoubtful(): Promise<void> {
      for (const { name } of rooms.all()) if (isPrivateName(name) && !directory.known(name)) settleSoon(name);
    },
  };

  function settleSoon(name: string): void {
    settle(name).catch((error: unknown) => {
      if (!(error instanceof Unavailable)) onInternalError(error, "room", { room: name });
    });
  }

  function evict(name: string, code: ClosedCode): void {
    directory.invalidate(name);
    // First, so that nobody joins during the eviction.
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
    else if (stored.circle) expel(name, "no_such_room", (userId) => isOpenTo(stored, userId));
  }
}
