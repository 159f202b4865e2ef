/** Wires the rooms of the cluster: their cache, their list, and the news of them on this gateway. */
import type { PresenceStore } from "../../shared/server/redis/presence-store.ts";
import type { RoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import { createBusyRooms } from "./busy-rooms.ts";
import type { MemberReads } from "./member-queries.ts";
import { createOpenRooms } from "./open-rooms.ts";
import { createRoomsDirectory } from "./room-catalogue.ts";
import { createRoomList, type RoomListDeps } from "./room-list.ts";
import { createRoomNews, type RoomNewsDeps } from "./room-news.ts";
import type { RoomLimits, RoomQueries } from "./room-queries.ts";

type WhichRoomsDeps = Pick<RoomNewsDeps, "listeners" | "publish" | "onInternalError"> &
  Pick<RoomListDeps, "searching"> & {
    queries: RoomQueries & Pick<MemberReads, "listCircles">;
    scripts: Pick<RoomLogStore, "heads">;
    presence: Pick<PresenceStore, "listBusy">;
    /** Undefined: no limits. */
    roomLimits: RoomLimits | undefined;
  };

export function createWhichRooms({
  queries,
  searching,
  scripts,
  presence,
  roomLimits,
  ...deps
}: WhichRoomsDeps) {
  const directory = createRoomsDirectory(queries, roomLimits);
  const busy = createBusyRooms(presence.listBusy);
  const roomList = createRoomList({ queries, searching, busy, onRead: directory.cacheStale });
  return {
    directory,
    roomList,
    openRooms: createOpenRooms(directory, scripts),
    news: createRoomNews({ ...deps, busy, named: roomList.named }),
  };
}
