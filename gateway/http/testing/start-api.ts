/**
 * The HTTP side of a gateway on its own port, over a real PostgreSQL and Redis, with fakes for the log and presence.
 */

import { App } from "uWebSockets.js";
import { freePort } from "../../../load-tests/support/free-port.ts";
import { createClusterSettingsQueries } from "../../../shared/server/postgres/cluster-settings-queries.ts";
import { connectPostgres } from "../../../shared/server/postgres/pool.ts";
import { createLog } from "../../../shared/server/process/logger.ts";
import { Unavailable } from "../../../shared/server/process/unavailable.ts";
import { openCommands } from "../../../shared/server/redis/connect.ts";
import { createRedisKeys } from "../../../shared/server/redis/keys.ts";
import { openMembersStore } from "../../../shared/server/redis/members-store.ts";
import { openMentionStore } from "../../../shared/server/redis/mention-store.ts";
import { openRoomLogStore } from "../../../shared/server/redis/room-log-store.ts";
import { openUserStore } from "../../../shared/server/redis/user-store.ts";
import { createDatabase } from "../../../test/support/postgres.ts";
import { startRedis } from "../../../test/support/redis.ts";
import { migrate } from "../../../worker/migrate.ts";
import { createAccountQueries } from "../../accounts/account-queries.ts";
import { createPasswords } from "../../accounts/passwords/hasher.ts";
import { createUserQueries } from "../../accounts/user-queries.ts";
import { listen } from "../../app.ts";
import { openApi } from "../../assembly/api.ts";
import { createPeople } from "../../assembly/people.ts";
import { openSessions } from "../../assembly/sessions.ts";
import { createArchiveQueries } from "../../history/archive-queries.ts";
import { createArchivedHistory, createArchivedLogView } from "../../history/archived-history.ts";
import { createAuthorQueries } from "../../history/author-queries.ts";
import { createFindEvents } from "../../history/find-events.ts";
import { createSearch } from "../../history/search.ts";
import { createSearchQueries } from "../../history/search-queries.ts";
import { createFindUnstored } from "../../history/unstored.ts";
import { createReadWindow } from "../../history/windows.ts";
import { createMentionFeed } from "../../mentions/mention-feed.ts";
import { createMentionList } from "../../mentions/mention-list.ts";
import { createMentionQueries } from "../../mentions/mention-queries.ts";
import { createLogChanges } from "../../messages/reactions/log-changes.ts";
import { createReactionQueries } from "../../messages/reactions/reaction-queries.ts";
import { createReactionReads } from "../../messages/reactions/reaction-reads.ts";
import { createModerationQueries } from "../../moderation/moderation-queries.ts";
import { createRaidQueries } from "../../moderation/raid-queries.ts";
import { createReportsQueries } from "../../moderation/reports-queries.ts";
import { createConnectionQueries } from "../../presence/connection-queries.ts";
import { createPushQueries } from "../../push/push-queries.ts";
import { createEventsAfter } from "../../room-log/events-after.ts";
import { createRoomLog } from "../../room-log/room-log.ts";
import { createAccess } from "../../rooms/access.ts";
import { type BusyRoom, createBusyRooms } from "../../rooms/busy-rooms.ts";
import { createInvitationQueries } from "../../rooms/invitation-queries.ts";
import { createMemberReads } from "../../rooms/member-queries.ts";
import { createPinQueries } from "../../rooms/pin-queries.ts";
import { createRoomsDirectory } from "../../rooms/room-catalogue.ts";
import { createRoomList } from "../../rooms/room-list.ts";
import { createRoomQueries, type RoomLimits } from "../../rooms/room-queries.ts";
import { createSessionQueries } from "../../sessions/session-queries.ts";
import { registerHttp } from "../route-table.ts";

export type Api = Awaited<ReturnType<typeof startApi>>;
type Options = {
  limits?: boolean;
  origins?: string[];
  secureCookie?: boolean;
  databaseUrl?: string;
  roomLimits?: RoomLimits;
};

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const TOKEN_KEYS = [{ kid: "test", secret: "s".repeat(32) }];

export async function startApi(options: Options = {}) {
  const { limits = false, origins = [], secureCookie = false } = options;
  const log = createLog("test", "silent");
  const database = options.databaseUrl
    ? { url: options.databaseUrl, drop: async () => undefined }
    : await createDatabase();
  const redisServer = await startRedis();
  const sql = connectPostgres(database.url, { name: "test", max: 6 });
  await migrate(sql, log);
  const redis = openCommands(redisServer.url, "test", log);
  await redis.connect();

  const ended: string[] = [];
  /** Bugs that a request ran into. */
  const internalErrors: unknown[] = [];
  /** Reports of pages about their own errors. */
  const failedPages: string[] = [];
  const created: string[] = [];
  const present: string[] = [];
  const notReady: string[] = [];
  /** Notifications for other gateways and rooms. */
  const notified: unknown[][] = [];
  const environment: { telling: "works" | "fails" } = { telling: "works" };
  const teller =
    (kind: string) =>
    async (...news: unknown[]): Promise<void> => {
      notified.push([kind, ...news]);
      if (environment.telling === "fails") throw new Unavailable("Redis is away");
    };
  const control = {
    isEnded: (id: string) => ended.includes(id),
    async endSessions(ids: string[]): Promise<void> {
      ended.push(...ids);
      if (environment.telling === "fails") throw new Unavailable("Redis is away");
    },
    userChanged: teller("changed"),
    restricted: teller("restricted"),
    banned: teller("banned"),
    raid: teller("raid"),
    accountClosed: teller("closed"),
    roomCreated: async (name: string) => void created.push(name),
    roomChanged: teller("room"),
    privateRoom: teller("private room"),
    ownRoomsChanged: teller("own rooms"),
  };
  /** Messages that can be reported. */
  const said: {
    type: string;
    seq: number;
    at: number;
    user: { id: string; nickname: string };
    text?: string;
    deleted?: true;
  }[] = [];
  /** Without messages a page has one event, with the number that was asked for. */
  const history = async (room: string, before: number | undefined, limit: number) => {
    const found = said.filter(({ seq }) => seq < (before ?? Number.POSITIVE_INFINITY)).slice(-1);
    const events: unknown[] = said.length > 0 ? found : [{ type: "message", room, seq: before ?? 0 }];
    return { events: events.map((event) => JSON.stringify(event)), more: limit === 200 };
  };
  const cluster = await createClusterSettingsQueries(sql).readClusterName();
  const keys = createRedisKeys("test", 1);
  const scripts = openRoomLogStore(redis, keys, { events: 500, ms: 0, bytes: 8 << 20 });
  const queries = {
    accounts: createAccountQueries(sql),
    users: createUserQueries(sql),
    sessions: createSessionQueries(sql),
    connections: createConnectionQueries(sql),
    rooms: createRoomQueries(sql),
    members: createMemberReads(sql),
    invitations: createInvitationQueries(sql),
    authors: createAuthorQueries(sql),
    moderation: createModerationQueries(sql),
    reports: createReportsQueries(sql),
    raid: createRaidQueries(sql),
    push: createPushQueries(sql),
    pins: createPinQueries(sql),
  };
  const busyNow: BusyRoom[] = [];
  const busy = createBusyRooms(
    async () => [...busyNow],
    () => Number.POSITIVE_INFINITY,
  );
  const directory = createRoomsDirectory(queries.rooms, options.roomLimits);
  const access = createAccess({ directory, members: openMembersStore(redis, keys) });
  /** Readers whose searches passed the gate. */
  const gated: string[] = [];
  const roomList = createRoomList({
    queries: { ...queries.rooms, ...queries.members },
    searching: {
      directory: queries.rooms,
      gate: {
        through(reader, read) {
          gated.push(reader);
          return read();
        },
      },
    },
    busy,
    onRead: directory.cacheStale,
  });
  const rules = { on: true, perSecond: 5, burst: 5, mutesMs: [1_000] };
  const userStore = openUserStore(redis, keys, rules);
  const people = createPeople({
    ...{ redis, keys, sql, rules, queries: queries.users },
    ...{ laughterCounts: false, slowModeOf: async () => 0 },
  });
  /** Messages that moderators deleted. */
  const deletions: { userId: string; room: string; seq: number }[] = [];
  const deleted = async (deletion: (typeof deletions)[number]) => ({ seq: deletions.push(deletion) });
  const passwords = createPasswords();
  const readingBack = {
    archive: createArchiveQueries(sql),
    gate: { through: <T>(_: string, read: () => Promise<T>) => read() },
  };
  const archivedHistory = createArchivedHistory(scripts, readingBack, (json) => json);
  const left = createArchivedLogView(scripts);
  const places = {
    around: createReadWindow(left, archivedHistory, readingBack, (json) => json),
    find: createFindEvents(left, readingBack, (json) => json),
  };
  const search = createSearch({
    ...{ log: left, queries: createSearchQueries(sql), gate: readingBack.gate, redact: (json) => json },
    findUnstored: createFindUnstored(scripts),
  });
  const config = {
    ...{ limits, origins, secureCookie, publicUrl: "", httpRates: [], privateRoomsMax: 1_000, pushHosts: [] },
    ...{ jwtKeys: TOKEN_KEYS, accessTokenMs: MINUTE_MS, sessionDays: MINUTE_MS / DAY_MS },
  };
  const sessions = openSessions({ config, log, onClose: () => undefined }, { queries }, control);
  const onInternalError = (error: unknown): string => {
    internalErrors.push(error);
    return "an-id";
  };
  const metrics = { clientError: (where: string) => void failedPages.push(where) };
  const membersStore = openMembersStore(redis, keys);
  const stores = {
    redis,
    keys,
    sql,
    queries,
    membersStore,
    roomLogStore: scripts,
    clusterName: { name: () => cluster },
  };
  const roomLog = createRoomLog(scripts, async () => undefined);
  const mentions = createMentionList({
    feed: createMentionFeed(openMentionStore(redis, keys)),
    queries: createMentionQueries(sql, () => 0),
    events: { open: places, archived: places },
    findRoom: access.find,
    readsOf: async () => new Map(),
    gate: { through: (_, read) => read() },
  });
  const eventsAfter = createEventsAfter({ scripts });
  const reactions = createReactionReads({
    queries: createReactionQueries(sql),
    archive: createArchiveQueries(sql),
    changesAfter: createLogChanges(eventsAfter),
    gate: { through: (_, read) => read() },
    listByIds: queries.users.listByIds,
  });
  const app = App();
  const http = openApi({ config, log, metrics, onInternalError }, stores, {
    ...{ control, sessions, people: { ...people, passwords }, rooms: { directory, access, roomList } },
    roomLogs: {
      history,
      archivedHistory,
      places: { open: places, archived: places },
      roomLog,
      eventsAfter: { inMemory: eventsAfter, inRedis: eventsAfter },
      mentions,
      reactions,
      search,
    },
    writing: { notices: { notify: teller("notice") }, deletions: { delete: deleted } },
    presence: { people: async () => ({ ids: present, guests: 2, more: false }) },
    readiness: { reasons: () => notReady },
  });
  registerHttp(app, http);
  const port = await freePort();
  const stop = await listen(app, "127.0.0.1", port);

  return {
    port,
    failedPages,
    deletions,
    url: `http://127.0.0.1:${port}`,
    sql,
    redis: redisServer,
    userState: (id: string) => redis.hgetall(keys.user(id)),
    /** Caches the user as a lookup by a gateway would. */
    async know(id: string, nickname: string, until = 0): Promise<void> {
      const { asked } = await userStore.find(id);
      const restricted = until > 0 ? { reason: "spam", until } : undefined;
      await userStore.keep(id, { nickname, role: "user", restricted, version: 1 }, asked);
    },
    cluster,
    notified,
    busy: busyNow,
    gated,
    scripts,
    commands: redis,
    keys,
    log,
    environment,
    said,
    sessions: sessions.sessions,
    /** Writes the uses of access tokens so far. */
    usesNoted: sessions.uses.close,
    tokens: sessions.tokens,
    ended,
    internalErrors,
    created,
    present,
    notReady,
    async close() {
      stop();
      (app as unknown as { close(): void }).close();
      await sessions.uses.close();
      await passwords.close();
      redis.disconnect();
      await redisServer.stop();
      await sql.end({ timeout: 1 });
      await database.drop();
    },
  };
}
