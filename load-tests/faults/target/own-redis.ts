/** A Redis beside the cluster, started again whenever it ends, so that it can stand behind a relay and be broken all the same. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { freePort } from "../../cluster.ts";
import { spawnTied } from "./processes.ts";
import { askRedis } from "./redis-command.ts";

export type OwnRedis = Awaited<ReturnType<typeof startOwnRedis>>;

const ANSWER_TRIES = 100;
/** As the runner does, one that keeps dying is not started without a pause. */
const RESTART_MS = 100;

/** @throws Error when it does not answer. */
export async function startOwnRedis() {
  const folder = mkdtempSync(join(tmpdir(), "suda-faults-redis-"));
  const port = await freePort();
  const password = randomBytes(12).toString("hex");
  const options = { port, bind: "127.0.0.1", dir: folder, appendonly: "yes", requirepass: password };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const stopping = new AbortController();
  let pid: number | null = null;

  const live = async (): Promise<void> => {
    const server = spawnTied({}, "redis-server", [...args, "--save", "", "--loglevel", "warning"]);
    const stop = (): void => {
      server.kill("SIGTERM");
      // It may stand still just now, and would not hear.
      server.kill("SIGCONT");
    };
    stopping.signal.addEventListener("abort", stop);
    const gone = new Promise((resolve) => server.once("exit", resolve));
    pid = server.pid ?? null;
    await gone;
    pid = null;
    stopping.signal.removeEventListener("abort", stop);
  };
  const keep = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await live();
      await wait(RESTART_MS);
    }
  };
  const kept = keep();

  const stop = async (): Promise<void> => {
    stopping.abort();
    await kept;
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `redis://:${password}@127.0.0.1:${port}`;
  for (let tries = 0; tries < ANSWER_TRIES; tries++) {
    if ((await askRedis(url, "PING").catch(() => "")) === "PONG")
      return { folder, port, password, pid: (): number | null => pid, stop };
    await wait(100);
  }
  await stop();
  throw new Error("redis-server does not start");
}
