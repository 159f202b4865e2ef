/** Wires the directory of rooms, the news of them on this gateway, and the eviction of members of a closed one. */
import { createAccess } from "../rooms/access.ts";
import { createEvictions } from "../rooms/evictions.ts";
import { createWhichRooms } from "../rooms/rooms.ts";
import type { JoinRoom } from "../ws/handlers/join.ts";
import type { Node } from "./node.ts";
import type { RoomLogs } from "./room-logs.ts";
import type { Sockets } from "./sockets.ts";
import type { Stores } from "./stores.ts";

export type Rooms = ReturnType<typeof openRooms>;

export function openRooms({ config, onClose, onInternalError }: Node, stores: Stores, sockets: Sockets) {
  const rooms = createWhichRooms({
    ...{ ...sockets.news, onInternalError, searching: stores.readingBack },
    queries: { ...stores.queries.rooms, ...stores.queries.members },
    scripts: stores.roomLogStore,
    presence: stores.presenceStore,
    roomLimits: config.limits ? { perUser: config.roomsPerUser, max: config.roomsMax } : undefined,
  });
  onClose("news", rooms.news.close);
  return {
    ...rooms,
    access: createAccess({ directory: rooms.directory, members: stores.membersStore }),
  };
}

/** From now on a room that turns out to be closed evicts its members. */
export function openEvictions(
  { onInternalError }: Node,
  { directory }: Pick<Rooms, "directory">,
  { rooms }: Pick<RoomLogs, "rooms">,
  { expel }: Pick<JoinRoom, "expel">,
) {
  const evictions = createEvictions({ directory, rooms, expel, onInternalError });
  rooms.watchClosed(evictions.evict);
  return evictions;
}
