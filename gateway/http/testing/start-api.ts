/** The HTTP side of a gateway on a port of its own, over a real PostgreSQL and Redis, with the log and presence played. */
import { App, type us_listen_socket, us_listen_socket_close } from "uWebSockets.js";
import { createLog } from "../../../shared/server/log.ts";
import { connectPostgres } from "../../../shared/server/postgres.ts";
import { openCommands } from "../../../shared/server/redis.ts";
import { createRedisKeys } from "../../../shared/server/redis-keys.ts";
import { createTokens } from "../../../shared/server/tokens.ts";
import { freePort } from "../../../test/support/ports.ts";
import { createDatabase } from "../../../test/support/postgres.ts";
import { startRedis } from "../../../test/support/redis.ts";
import { migrate } from "../../../worker/migrate.ts";
import { createAccounts } from "../../accounts.ts";
import { createHttpLimits } from "../../http-limits.ts";
import { createPasswords } from "../../passwords.ts";
import { createQueries } from "../../queries.ts";
import { createRoomsDirectory } from "../../rooms-directory.ts";
import { createSessions } from "../../sessions.ts";
import { type HttpDeps, registerHttp } from "../routes.ts";

export type Api = Awaited<ReturnType<typeof startApi>>;
type Options = { limits?: boolean; origins?: string[]; secureCookie?: boolean; databaseUrl?: string };

const EXCLUSIVE_PORT = 1;
const SESSION_MS = 60_000;

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
  const created: string[] = [];
  const present: string[] = [];
  const notReady: string[] = [];
  const queries = createQueries(sql);
  const tokens = createTokens([{ kid: "test", secret: "s".repeat(32) }], 60_000);
  const passwords = createPasswords();
  const limits = createHttpLimits(redis, createRedisKeys("test", 1), on);
  const endEverywhere = async (ids: string[]) => void ended.push(...ids);
  const sessions = createSessions({ queries, tokens, endEverywhere, sessionMs: SESSION_MS, log });
  const deps: HttpDeps = {
    config: { origins, secureCookie },
    log,
    sessionMs: SESSION_MS,
    tokens,
    sessions,
    accounts: createAccounts({ queries, passwords, sessions, limits }),
    rooms: createRoomsDirectory(queries),
    limits,
    queries,
    control: { isEnded: (id) => ended.includes(id) },
    history: async (room, before, limit) => ({
      events: [JSON.stringify({ type: "message", room, seq: before ?? 0 })],
      more: limit === 200,
    }),
    people: async () => ({ ids: present, guests: 2, more: false }),
    peopleCounts: async (rooms) => rooms.map((_, index) => index + 1),
    onRoomCreated: async (name) => void created.push(name),
    notReady: () => notReady,
  };

  const app = App();
  registerHttp(app, deps);
  const port = await freePort();
  const socket = await listen(app, port);

  return {
    port,
    url: `http://127.0.0.1:${port}`,
    sql,
    redis: redisServer,
    tokens,
    ended,
    created,
    present,
    notReady,
    async close() {
      us_listen_socket_close(socket);
      (app as unknown as { close(): void }).close();
      await passwords.close();
      redis.disconnect();
      await redisServer.stop();
      await sql.end({ timeout: 1 });
      await database.drop();
    },
  };
}

/** The types of the repack know neither the option nor the form with four arguments. */
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
