/** Redis (or Valkey) in a folder: configuration, command, readiness. An append-only file, no eviction, no snapshots. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { until } from "../../../shared/until.ts";
import { type RedisUsers, renderAcl } from "../../redis/acl.ts";
import { type Command, dieWithParent, findProgram } from "../supervise/die-with-parent.ts";
import { type ServerProcess, spawnServer, tailOf } from "../supervise/server-process.ts";

export type RedisSettings = {
  folder: string;
  port: number;
  /** The password of the default user, if there are no `users`. */
  password?: string;
  users?: RedisUsers;
  /** Further lines of redis.conf, for tests: `{ maxmemory: "8mb" }`. */
  extra?: Record<string, string>;
  /** The path of the server; by default the first that is installed. */
  program?: string | undefined;
};

export const REDIS_PROGRAMS = ["redis-server", "valkey-server"] as const;

/**
 * Writes the configuration (0600: it holds passwords) and returns the command that runs the server.
 * @throws Error when neither program is installed.
 */
export function redisCommand(redis: RedisSettings): Command {
  const { folder, port, password, users, extra = {}, program = findProgram(...REDIS_PROGRAMS) } = redis;
  if (!program) throw new Error("redis-server is not installed");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const aclFile = join(folder, "users.acl");
  if (users) writePrivate(aclFile, renderAcl(users));
  const settings: Record<string, string> = {
    bind: "127.0.0.1",
    port: String(port),
    dir: quoted(folder),
    save: quoted(""),
    appendonly: "yes",
    appendfsync: "everysec",
    "maxmemory-policy": "noeviction",
    "tcp-backlog": "511",
    ...(users ? { aclfile: quoted(aclFile) } : password ? { requirepass: quoted(password) } : {}),
    ...extra,
  };
  const file = join(folder, "redis.conf");
  const lines = Object.entries(settings).map(([key, value]) => `${key} ${value}\n`);
  writePrivate(file, lines.join(""));
  return dieWithParent("TERM", { command: program, args: [file] });
}

/** @returns whether it has loaded its append-only file. Any answer except LOADING counts, errors included. */
export function redisAnswers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, timeout: 1_000 });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => socket.write("PING\r\n"));
    socket.once("data", (data) => end(!String(data).startsWith("-LOADING")));
    socket.once("error", () => end(false));
    socket.once("timeout", () => end(false));
  });
}

/** Starts a server and waits until it answers. Restarting it is up to the caller. */
export async function startRedisServer(settings: RedisSettings): Promise<ServerProcess> {
  const command = redisCommand(settings);
  const logFile = join(settings.folder, "redis.log");
  const server = await spawnServer(command, { logFile });
  let ended = "";
  void server.gone.then((how) => {
    ended = how;
  });
  await until("Redis answers", () => {
    if (ended) throw new Error(`redis-server ended (${ended}): ${tailOf(logFile)}`);
    return redisAnswers(settings.port);
  });
  return server;
}

function writePrivate(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600 });
  chmodSync(file, 0o600);
}

const quoted = (text: string): string => `"${text}"`;
