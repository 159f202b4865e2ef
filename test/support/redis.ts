/** A Redis of its own for one test file: pub/sub ignores database numbers, so a shared one would mix tests. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RedisSettings, startRedisServer } from "../../infra/local/stores/redis.ts";
import { freePort } from "../../load-tests/support/free-port.ts";
import { trackOpen } from "./open-resources.ts";

export type TestRedis = {
  url: string;
  port: number;
  pid(): number;
  /** Shuts it down and starts it again on the same port, from its append-only file. */
  restart(): Promise<void>;
  /** SIGKILL; `start` brings it back. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** SIGSTOP: connections stay open, and nothing is answered until `resume`. */
  pause(): void;
  resume(): void;
  /** Stops it and removes its folder. */
  stop(): Promise<void>;
};

/** @param given `extra`: further lines of redis.conf, for instance `{ maxmemory: "8mb" }`. */
export async function startRedis(given: Pick<RedisSettings, "password" | "extra" | "program"> = {}) {
  const { password } = given;
  const folder = mkdtempSync(join(tmpdir(), "suda-redis-"));
  const port = await freePort();
  const settings = { ...given, folder, port };
  let server = await startRedisServer(settings);
  const closed = trackOpen(`Redis on port ${port}`);

  const start = async (): Promise<void> => {
    server = await startRedisServer(settings);
  };
  const end = async (): Promise<void> => {
    server.signal("SIGCONT");
    await server.stop("SIGTERM", 5_000);
  };
  const redis: TestRedis = {
    url: `redis://${password ? `:${password}@` : ""}127.0.0.1:${port}`,
    port,
    pid: () => server.pid,
    start,
    restart: async () => {
      await end();
      await start();
    },
    kill: () => server.stop("SIGKILL", 0),
    pause: () => server.signal("SIGSTOP"),
    resume: () => server.signal("SIGCONT"),
    stop: async () => {
      await end();
      closed();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return redis;
}
