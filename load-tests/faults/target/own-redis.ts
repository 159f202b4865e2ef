/** A Redis beside the cluster, restarted whenever it ends, so that a Redis behind a relay can also be killed. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { comesTrue } from "../../../shared/until.ts";
import { freePort } from "../../support/free-port.ts";
import { askRedis } from "../../support/redis-command.ts";
import { spawnChild } from "../../support/spawn.ts";

const START_POLLING = { withinMs: 10_000, everyMs: 100 };
/** The pause before a restart, so that a crash loop is slowed down as by the runner. */
const RESTART_MS = 100;

/** @throws Error when it does not answer. */
export async function startOwnRedis() {
  const folder = mkdtempSync(join(tmpdir(), "suda-faults-redis-"));
  const port = await freePort();
  const password = randomBytes(12).toString("hex");
  const options = { port, bind: "127.0.0.1", dir: folder, appendonly: "yes", requirepass: password };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const stopping = new AbortController();
  let pid: number | undefined;
  const running = runUntilStopped();

  const url = `redis://:${password}@127.0.0.1:${port}`;
  const answers = async (): Promise<boolean> => (await askRedis(url, "PING").catch(() => "")) === "PONG";
  if (!(await comesTrue(answers, START_POLLING))) {
    await stop();
    throw new Error("redis-server does not start");
  }
  return { folder, port, password, pid: () => pid, stop };

  async function runUntilStopped(): Promise<void> {
    while (!stopping.signal.aborted) {
      await runOnce();
      await wait(RESTART_MS);
    }
  }

  async function runOnce(): Promise<void> {
    const words = [...args, "--save", "", "--loglevel", "warning"];
    const server = spawnChild({}, "redis-server", words, ["ignore", "ignore", "inherit"]);
    stopping.signal.addEventListener("abort", end);
    const gone = new Promise((resolve) => server.once("exit", resolve));
    pid = server.pid;
    await gone;
    pid = undefined;
    stopping.signal.removeEventListener("abort", end);

    function end(): void {
      server.kill("SIGTERM");
      // A suspended process handles SIGTERM only when it is resumed.
      server.kill("SIGCONT");
    }
  }

  async function stop(): Promise<void> {
    stopping.abort();
    await running;
    rmSync(folder, { recursive: true, force: true });
  }
}
