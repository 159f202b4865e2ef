/** What the HTTP routes need. */
import { createAccounts } from "../accounts/accounts.ts";
import { createProfile } from "../accounts/profile.ts";
import type { Control } from "../control/control-log.ts";
import { createClientErrors } from "../http/client-error-log.ts";
import type { HttpDeps } from "../http/route-table.ts";
import { createHttpLimits } from "../limits/http-rate-limits.ts";
import type { Notices } from "../messages/notices.ts";
import { createModeration } from "../moderation/moderation.ts";
import { createReports } from "../moderation/reports.ts";
import type { Presence } from "../presence/presence.ts";
import type { Readiness } from "../readiness.ts";
import { createRoomClosing } from "../rooms/room-closing.ts";
import { createRoomSettings } from "../rooms/room-settings.ts";
import { createOwnSessions } from "../sessions/own-sessions.ts";
import type { Node } from "./node.ts";
import type { People } from "./people.ts";
import type { RoomLogs } from "./room-logs.ts";
import type { Rooms } from "./rooms.ts";
import type { SessionParts } from "./sessions.ts";
import type { Stores } from "./stores.ts";

type Needs = {
  people: People;
  rooms: Rooms;
  roomLogs: Pick<RoomLogs, "history" | "archivedHistory">;
  sessions: SessionParts;
  control: Control;
  notices: Notices;
  presence: Presence;
  readiness: Pick<Readiness, "reasons">;
};

export function openApi(node: Node, stores: Stores, needs: Needs): HttpDeps {
  const { config, log, metrics, onInternalError } = node;
  const { queries } = stores;
  const { users } = queries;
  const { sql, redis, keys } = stores;
  const { people, rooms, roomLogs, control, notices, presence, readiness } = needs;
  const { changeUser, mutes, passwords } = people;
  const { directory, roomList } = rooms;
  const { sessions } = needs.sessions;
  const { history, archivedHistory } = roomLogs;
  const limits = createHttpLimits(redis, keys, config.limits, config.httpRates);
  const accounts = createAccounts({
    ...{ queries: queries.accounts, users, passwords, sessions, limits },
  });
  return {
    ...{ config, log, onInternalError, ...needs.sessions },
    ...{ cluster: stores.clusterName.name, notReady: readiness.reasons },
    ...{ control, users, limits, accounts, mutes, visits: queries.rooms, history, archivedHistory },
    profile: createProfile({
      ...{ sql, changeUser, mutes, queries: queries.accounts, accounts },
      ...{ passwords, sessions, limits, control },
    }),
    ownSessions: createOwnSessions({
      ...{ queries: queries.sessions, connectionsOf: queries.connections.listOf, sessions },
    }),
    moderation: createModeration({ changeUser, mutes, control, sessions }),
    reports: createReports({
      queries: { ...queries.reports, ...queries.moderation },
      ...{ sql, findPerson: users.findPerson, limits, history, archivedHistory },
    }),
    ...{ rooms: directory, roomList, onRoomCreated: control.roomCreated, people: presence.people },
    roomClosing: createRoomClosing({ sql, scripts: stores.roomLogStore, directory, control, notices }),
    roomSettings: createRoomSettings({ sql, directory, control, notices, mutes }),
    clientErrors: createClientErrors({ log, limits, count: metrics.clientError }),
  };
}
