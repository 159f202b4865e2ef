/**
 * The HTTP side of a gateway on its own port, over a real PostgreSQL and Redis, with fakes for the log and presence.
 */

import { App, type us_listen_socket, us_listen_socket_close } from "uWebSockets.js";
import { freePort } from "../../../load-tests/support/free-port.ts";
import { createTokens } from "../../../shared/server/identity/access-tokens.ts";
import { createClusterSettingsQueries } from "../../../shared/server/postgres/cluster-settings-queries.ts";
import { connectPostgres } from "../../../shared/server/postgres/pool.ts";
import { createLog } from "../../../shared/server/process/logger.ts";
import { Unavailable } from "../../../shared/server/process/unavailable.ts";
import { openCommands } from "../../../shared/server/redis/connect.ts";
import { createRedisKeys } from "../../../shared/server/redis/keys.ts";
import { openRoomLogStore } from "../../../shared/server/redis/room-log-store.ts";
import { openForgetUser, openUserStore } from "../../../shared/server/redis/user-store.ts";
import { createDatabase } from "../../../test/support/postgres.ts";
import { startRedis } from "../../../test/support/redis.ts";
import { migrate } from "../../../worker/migrate.ts";
import { createAccountQueries } from "../../accounts/account-queries.ts";
import { createAccounts } from "../../accounts/accounts.ts";
import { createMutes } from "../../accounts/mutes.ts";
import { createConfirmation } from "../../accounts/passwords/confirmation.ts";
import { createPasswords } from "../../accounts/passwords/hasher.ts";
import { createProfile } from "../../accounts/profile.ts";
import { createRename } from "../../accounts/rename.ts";
import { createUsers } from "../../accounts/user-cache.ts";
import { createUserChanges } from "../../accounts/user-changes.ts";
import { createUserQueries } from "../../accounts/user-queries.ts";
import { createArchiveQueries } from "../../history/archive-queries.ts";
import { createArchivedHistory } from "../../history/archived-history.ts";
import { createHttpLimits } from "../../limits/http-rate-limits.ts";
import { createModeration } from "../../moderation/moderation.ts";
import { createModerationQueries } from "../../moderation/moderation-queries.ts";
import { createReports } from "../../moderation/reports.ts";
import { createReportsQueries } from "../../moderation/reports-queries.ts";
import { createConnectionQueries } from "../../presence/connection-queries.ts";
import { type BusyRoom, createBusyRooms } from "../../rooms/busy-rooms.ts";
import { createRoomsDirectory } from "../../rooms/room-catalogue.ts";
import { createRoomClosing } from "../../rooms/room-closing.ts";
import { createRoomCreation } from "../../rooms/room-creation.ts";
import { createRoomList } from "../../rooms/room-list.ts";
import { createRoomQueries, type RoomLimits } from "../../rooms/room-queries.ts";
import { createRoomSettings } from "../../rooms/room-settings.ts";
import { createOwnSessions } from "../../sessions/own-sessions.ts";
import { createRefreshTokens } from "../../sessions/refresh-tokens.ts";
import { createSessionQueries } from "../../sessions/session-queries.ts";
import { createSessions } from "../../sessions/sessions.ts";
import { createTokenUses } from "../../sessions/token-uses.ts";
import { createAuthentication } from "../authenticate.ts";
import { createClientErrors } from "../client-error-log.ts";
import { createRefreshCookie } from "../cookie.ts";
import { type HttpDeps, registerHttp } from "../route-table.ts";

export type Api = Awaited<ReturnType<typeof startApi>>;
type Options = {
  limits?: boolean;
  origins?: string[];
  secureCookie?: boolean;
  databaseUrl?: string;
  roomLimits?: RoomLimits;
};

const EXCLUSIVE_PORT = 1;
const SESSION_MS = 60_000;
const TOKEN_KEYS = [{ kid: "test", secret: "s".repeat(32) }];

export async function startApi(options: Options = {}) {
  const { limits: on = false, origins = [], secureCookie = false } = options;
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
    userChanged: teller("changed"),
    restricted: teller("restricted"),
    banned: teller("banned"),
    accountClosed: teller("closed"),
    roomChanged: teller("room"),
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
  const lookUp = async (_: string, before: number) => ({
    events: said
      .filter(({ seq }) => seq < before)
      .slice(-1)
      .map((event) => JSON.stringify(event)),
  });
  const userQueries = createUserQueries(sql);
  const accountQueries = createAccountQueries(sql);
  const cluster = await createClusterSettingsQueries(sql).readClusterName();
  const tokens = createTokens(TOKEN_KEYS, 60_000);
  const passwords = createPasswords();
  const keys = createRedisKeys("test", 1);
  const limits = createHttpLimits(redis, keys, on);
  const endEverywhere = async (ids: string[]): Promise<void> => {
    ended.push(...ids);
    if (environment.telling === "fails") throw new Unavailable("Redis is away");
  };
  const sessionQueries = createSessionQueries(sql);
  const uses = createTokenUses(sessionQueries.noteUses, log);
  const sessions = createSessions({
    ...{ queries: sessionQueries, findUser: userQueries.find, findBan: userQueries.findBan },
    tokens,
    refreshTokens: createRefreshTokens(TOKEN_KEYS),
    endEverywhere,
    sessionMs: SESSION_MS,
    log,
  });
  const accounts = createAccounts({
    ...{ queries: accountQueries, users: userQueries, passwords, sessions, limits },
  });
  const roomQueries = createRoomQueries(sql);
  const scripts = openRoomLogStore(redis, keys, { events: 500, ms: 0, bytes: 8 << 20 });
  const busyNow: BusyRoom[] = [];
  const busy = createBusyRooms(
    async () => [...busyNow],
    () => Number.POSITIVE_INFINITY,
  );
  const directory = createRoomsDirectory(roomQueries, options.roomLimits);
  /** Readers whose searches passed the gate. */
  const gated: string[] = [];
  const roomList = createRoomList({
    queries: roomQueries,
    searching: {
      directory: roomQueries,
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
  const userScripts = openUserStore(redis, keys, rules);
  const users = createUsers(userScripts, userQueries);
  const changeUser = createUserChanges({ sql, forget: openForgetUser(redis, keys), users });
  const notices = { notify: teller("notice") };
  const mutes = createMutes(userQueries, users);
  const archivedHistory = createArchivedHistory(
    scripts,
    { archive: createArchiveQueries(sql), gate: { through: (_, read) => read() } },
    (json) => json,
  );
  const rooms = directory;
  const confirm = createConfirmation({ queries: accountQueries, passwords, limits });
  const deps: HttpDeps = {
    authentication: createAuthentication({ tokens, uses, control }),
    cookie: createRefreshCookie({
      ...{ secure: secureCookie, lifeMs: SESSION_MS, cluster: () => cluster },
      isOurs: async (token) => (await sessions.find(token)) !== undefined,
    }),
    responder: {
      ...{ origins, log },
      onInternalError: (error) => {
        internalErrors.push(error);
        return "an-id";
      },
    },
    groups: {
      account: { accounts, sessions },
      me: {
        accounts,
        rename: createRename({ changeUser, mutes, limits, control }),
        profile: createProfile({ sql, changeUser, confirm, accounts, passwords, sessions, control }),
        ownSessions: createOwnSessions({
          ...{ queries: sessionQueries, connectionsOf: createConnectionQueries(sql).listOf, sessions },
        }),
      },
      rooms: {
        ...{ rooms, roomList, mutes },
        createRoom: createRoomCreation({
          ...{ directory, accounts, mutes, limits, onCreated: async (name) => void created.push(name) },
        }),
        roomClosing: createRoomClosing({ sql, scripts, directory, control, notices }),
        roomSettings: createRoomSettings({ sql, directory, control, notices, mutes }),
      },
      history: {
        ...{ rooms, archivedHistory, users: userQueries },
        history: async (room, before, limit) => ({
          events: [JSON.stringify({ type: "message", room, seq: before ?? 0 })],
          more: limit === 200,
        }),
        people: async () => ({ ids: present, guests: 2, more: false }),
      },
      ownRooms: { rooms, roomList, visits: roomQueries, limits },
      moderation: {
        rooms,
        moderation: createModeration({ changeUser, mutes, control, sessions }),
        reports: createReports({
          queries: { ...createReportsQueries(sql), ...createModerationQueries(sql) },
          ...{ sql, findPerson: userQueries.findPerson, limits },
          ...{ history: lookUp, archivedHistory },
        }),
      },
      clientErrors: {
        clientErrors: createClientErrors({ log, limits, count: (where) => void failedPages.push(where) }),
      },
      health: { notReady: () => notReady },
    },
  };

  const app = App();
  registerHttp(app, deps);
  const port = await freePort();
  const socket = await listen(app, port);

  return {
    port,
    failedPages,
    url: `http://127.0.0.1:${port}`,
    sql,
    redis: redisServer,
    userState: (id: string) => redis.hgetall(keys.user(id)),
    /** Caches the user as a lookup by a gateway would. */
    async know(id: string, nickname: string, until = 0): Promise<void> {
      const { asked } = await userScripts.find(id);
      const restricted = until > 0 ? { reason: "spam", until } : undefined;
      await userScripts.keep(id, { nickname, role: "user", restricted, version: 1 }, asked);
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
    sessions,
    /** Writes the uses of access tokens so far. */
    usesNoted: uses.close,
    tokens,
    ended,
    internalErrors,
    created,
    present,
    notReady,
    async close() {
      us_listen_socket_close(socket);
      (app as unknown as { close(): void }).close();
      await uses.close();
      await passwords.close();
      redis.disconnect();
      await redisServer.stop();
      await sql.end({ timeout: 1 });
      await database.drop();
    },
  };
}

/** The types of the repack lack the option and the form with four arguments. */
type Listen = (
  host: string,
  port: number,
  options: number,
  done: (socket: us_listen_socket | false) => void,
) => void;

function listen(app: unknown, port: number): Promise<us_listen_socket> {
  return new Promise((resolve, reject) => {
    (app as { listen: Listen }).listen("127.0.0.1", port, EXCLUSIVE_PORT, (socket) =>
      socket ? resolve(socket) : reject(new Error(`cannot listen on ${port}`)),
    );
  });
}
