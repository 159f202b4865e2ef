/** Wires the control log to the handlers of its events. */

import { controlKeepMs } from "../../shared/server/redis/control-events.ts";
import { createControlHandlers } from "../apply-control-events.ts";
import { createControl } from "../control/control-log.ts";

import { createEndedSessions } from "../control/ended-sessions.ts";
import type { Notices } from "../messages/notices.ts";
import type { Evictions } from "../rooms/evictions.ts";
import type { FollowParts } from "./following.ts";
import type { Node } from "./node.ts";
import type { People } from "./people.ts";
import type { RoomLogs } from "./room-logs.ts";
import type { Rooms } from "./rooms.ts";
import type { Sockets } from "./sockets.ts";
import type { Stores } from "./stores.ts";

type Needs = {
  people: People;
  rooms: Rooms;
  roomLogs: RoomLogs;
  sockets: Sockets;
  notices: Notices;
  evictions: Evictions;
  follows: Pick<FollowParts, "following">;
};

export function openControl({ config, onInternalError }: Node, stores: Stores, needs: Needs) {
  const { people, rooms, roomLogs, notices, evictions } = needs;
  const { following } = needs.follows;
  const { accessTokenMs } = config;
  const { sessions, users } = stores.queries;
  const sockets = needs.sockets.all;
  return createControl({
    ...{ bus: roomLogs.bus, scripts: stores.controlStore, channel: stores.keys.controlChannel },
    ended: createEndedSessions((now) => sessions.listEnded(now, controlKeepMs(accessTokenMs))),
    reload,
    ...{ accessTokenMs, onInternalError },
    onEvent: createControlHandlers({
      ...{ sockets, notices, people },
      rooms: { ...rooms, evictions, following, live: roomLogs.rooms },
    }),
  });

  async function reload(): Promise<void> {
    await Promise.all([people.bans.load(), people.closed.load(), people.raid.load()]);
    for (const user of await people.identities.reload(users)) sockets.change(user);
    await rooms.directory.reload();
    following.settle();
  }
}
