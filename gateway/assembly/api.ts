/** Wires the HTTP routes. */

import { basePathOf } from "../../shared/server/process/public-url.ts";
import { openFrontStore } from "../../shared/server/redis/front-store.ts";
import { type Accounts, createAccounts } from "../accounts/accounts.ts";
import { createConfirmation } from "../accounts/passwords/confirmation.ts";
import { createProfile } from "../accounts/profile.ts";
import { createRename } from "../accounts/rename.ts";
import type { Control } from "../control/control-log.ts";
import { eventForOlderClients } from "../history/older-clients.ts";
import { createAuthentication } from "../http/authenticate.ts";
import { createClientErrors } from "../http/client-error-log.ts";
import { createRefreshCookie } from "../http/cookie.ts";
import { openResponder } from "../http/respond.ts";
import type { HttpDeps } from "../http/route-table.ts";
import { createHttpLimits, type HttpLimits } from "../limits/http-rate-limits.ts";
import type { MentionList } from "../mentions/mention-list.ts";
import type { Deletions } from "../messages/delete.ts";
import type { Notices } from "../messages/notices.ts";
import type { ReactionReads } from "../messages/reactions/reaction-reads.ts";
import { createRaids } from "../moderation/raids.ts";
import { createReports } from "../moderation/reports.ts";
import type { Presence } from "../presence/presence.ts";
import { createPushSubscriptions } from "../push/push-subscriptions.ts";
import { createRoomLevels } from "../push/room-levels.ts";
import type { Readiness } from "../readiness.ts";
import type { Access } from "../rooms/access.ts";
import { createPins } from "../rooms/pins.ts";
import type { PrivateRooms } from "../rooms/private-rooms.ts";
import { createRoomClosing } from "../rooms/room-closing.ts";
import { createRoomCreation } from "../rooms/room-creation.ts";
import { createRoomSettings } from "../rooms/room-settings.ts";
import { createOwnSessions } from "../sessions/own-sessions.ts";
import { openModeration } from "./moderation.ts";
import type { Node } from "./node.ts";
import type { People } from "./people.ts";
import { openPrivateRooms } from "./private-rooms.ts";
import type { RoomLogs } from "./room-logs.ts";
import type { Rooms } from "./rooms.ts";
import type { SessionParts } from "./sessions.ts";
import type { Stores } from "./stores.ts";

/** The parts of a gateway that the routes need, and no more, so that tests serve them over fakes of the rest. */
type ApiNode = Pick<Node, "log" | "onInternalError"> & {
  config: Pick<
    Node["config"],
    "limits" | "httpRates" | "privateRoomsMax" | "secureCookie" | "publicUrl" | "origins" | "pushHosts"
  >;
  metrics: Pick<Node["metrics"], "clientError">;
};
type ApiStores = Pick<Stores, "redis" | "keys" | "sql" | "roomLogStore" | "membersStore"> & {
  clusterName: Pick<Stores["clusterName"], "name">;
  queries: Omit<Stores["queries"], "archive" | "positions" | "reactions" | "bots">;
};
type Needs = {
  people: Pick<People, "changeUser" | "mutes" | "passwords">;
  rooms: Pick<Rooms, "directory" | "access" | "roomList">;
  roomLogs: Pick<
    RoomLogs,
    "history" | "archivedHistory" | "places" | "roomLog" | "eventsAfter" | "search"
  > & {
    mentions: Pick<MentionList, "page">;
    reactions: ReactionReads;
  };
  sessions: Omit<SessionParts, "isEnded">;
  control: Pick<
    Control,
    | "isEnded"
    | "userChanged"
    | "restricted"
    | "banned"
    | "accountClosed"
    | "roomCreated"
    | "roomChanged"
    | "privateRoom"
    | "ownRoomsChanged"
    | "raid"
  >;
  writing: { notices: Pick<Notices, "notify">; deletions: Pick<Deletions, "delete"> };
  presence: Pick<Presence, "people">;
  readiness: Pick<Readiness, "reasons">;
};

export function openApi(node: ApiNode, stores: ApiStores, needs: Needs): HttpDeps {
  const { config, log, onInternalError } = node;
  const limits = createHttpLimits(stores.redis, stores.keys, config.limits, config.httpRates);
  const { sessions, sessionMs, tokens, uses } = needs.sessions;
  return {
    authentication: createAuthentication({ tokens, uses, control: needs.control }),
    cookie: createRefreshCookie({
      ...{ secure: config.secureCookie, base: basePathOf(config.publicUrl) },
      ...{ lifeMs: sessionMs, cluster: stores.clusterName.name },
      isOurs: async (token) => (await sessions.find(token)) !== undefined,
    }),
    responder: openResponder(config.origins, log, onInternalError),
    groups: openRouteGroups(node, stores, needs, limits),
  };
}

function openRouteGroups(
  { log, metrics, config }: ApiNode,
  stores: ApiStores,
  needs: Needs,
  limits: HttpLimits,
): HttpDeps["groups"] {
  const { queries, sql } = stores;
  const { people, control } = needs;
  const { notices } = needs.writing;
  const { changeUser, mutes, passwords } = people;
  const { access } = needs.rooms;
  const { sessions } = needs.sessions;
  const { history, archivedHistory } = needs.roomLogs;
  const circles = openPrivateRooms(stores, {
    ...{ rooms: needs.rooms, control, mutes, limits, notices },
    maxRooms: config.limits ? config.privateRoomsMax : undefined,
  });
  const accounts = createAccounts({
    ...{ queries: queries.accounts, users: queries.users, passwords, sessions, limits },
  });
  const confirm = createConfirmation({ queries: queries.accounts, passwords, limits });
  const moderation = openModeration(stores, { people, control, sessions, roomLogs: needs.roomLogs });
  return {
    account: { accounts, sessions },
    me: {
      accounts,
      rename: createRename({ changeUser, mutes, limits, control }),
      profile: createProfile({
        ...{ sql, changeUser, confirm, accounts, passwords, sessions, control },
        onClosed: circles.members.leaveAll,
      }),
      ownSessions: createOwnSessions({
        ...{ queries: queries.sessions, connectionsOf: queries.connections.listOf, sessions },
      }),
    },
    ...openRoomGroups(stores, needs, limits, { accounts, privateRooms: circles.privateRooms }),
    members: circles,
    users: { users: queries.users, limits },
    mentions: { mentions: needs.roomLogs.mentions },
    push: openPushGroup(config, stores, limits, { find: access.find, onChanged: control.ownRoomsChanged }),
    moderation: {
      access,
      ...{ moderation, raids: createRaids({ sql, control }) },
      reports: createReports({
        acts: {
          ...moderation,
          deleteMessage: async (userId, room, seq, clientId) =>
            void (await needs.writing.deletions.delete({ userId, room, seq, clientId })),
        },
        queries: { ...queries.reports, ...queries.moderation },
        ...{ sql, findPerson: queries.users.findPerson, limits, history, archivedHistory },
      }),
    },
    clientErrors: { clientErrors: createClientErrors({ log, limits, count: metrics.clientError }) },
    health: { notReady: needs.readiness.reasons },
  };
}

function openRoomGroups(
  { queries, sql, roomLogStore }: ApiStores,
  { people, rooms, roomLogs, control, writing: { notices }, presence }: Needs,
  limits: HttpLimits,
  { accounts, privateRooms }: { accounts: Accounts; privateRooms: PrivateRooms },
): Pick<HttpDeps["groups"], "rooms" | "pins" | "history" | "search" | "ownRooms"> {
  const { mutes } = people;
  const { directory, access, roomList } = rooms;
  const { history, archivedHistory, places, reactions } = roomLogs;
  return {
    rooms: {
      ...{ access, roomList, mutes, privateRooms },
      createRoom: createRoomCreation({
        ...{ directory, accounts, mutes, limits, onCreated: control.roomCreated },
      }),
      roomClosing: createRoomClosing({ sql, scripts: roomLogStore, directory, control, notices }),
      roomSettings: createRoomSettings({ sql, directory, control, notices, mutes }),
    },
    pins: {
      pins: createPins({
        ...{ sql, queries: queries.pins, access, mutes, find: places.open.find },
        ...{ roomLog: roomLogs.roomLog, eventsAfter: roomLogs.eventsAfter },
      }),
    },
    history: {
      ...{ access, history, archivedHistory, places, reactions, olderForm: eventForOlderClients },
      ...{ people: presence.people, users: queries.users },
    },
    search: { access, search: roomLogs.search },
    ownRooms: { access, roomList, visits: queries.rooms, onChanged: control.ownRoomsChanged, limits },
  };
}

function openPushGroup(
  { pushHosts: hosts }: ApiNode["config"],
  { queries, redis, keys }: ApiStores,
  limits: HttpLimits,
  rooms: Pick<Access, "find"> & { onChanged: Control["ownRoomsChanged"] },
): HttpDeps["groups"]["push"] {
  const front = openFrontStore(redis, keys);
  return {
    subscriptions: createPushSubscriptions({ queries: queries.push, limits, front, hosts }),
    roomLevels: createRoomLevels({ queries: queries.push, limits, ...rooms }),
  };
}
