/** Starts and ends clusters on this machine, for tests and load tests: the real runner, with ports and a folder of its own. */
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { until } from "../../shared/until.ts";
import { mintUsers, ROOT, runCommand } from "./commands.ts";
import { freePort } from "./free-port.ts";
import { spawnChild } from "./spawn.ts";

/** The cluster has its own stores, regardless of the environment. */
const OWN_STORES = { REDIS_URL: "", DATABASE_URL: "", SUDA_KEY_PREFIX: "" };
const READY_WITHIN_MS = 120_000;
/** The runner treats a second signal within 400 ms as the same request, so this is longer. */
const SECOND_SIGNAL_MS = 500;

export type ClusterOptions = {
  gateways?: number;
  /** Rate limits, connection limits and the spam rule. */
  limits?: boolean;
  /** Settings of the processes, for instance `{ SUDA_ARCHIVE_MS: "500" }`. */
  env?: Record<string, string>;
  /** A data folder that is kept afterwards, and may already have data. */
  data?: string | undefined;
  /** The folder of another release of the repository. */
  release?: string;
};

/** Resolves when the cluster serves. @throws Error with the runner's output when it ends instead. */
export async function startLocalCluster({
  gateways = 3,
  limits = false,
  env = {},
  data: given,
  release = ROOT,
}: ClusterOptions = {}) {
  const data = given ?? mkdtempSync(join(tmpdir(), "suda-cluster-"));
  const port = await freePort();
  const args = ["--port", String(port), "--data", data, "--gateways", String(gateways)];
  const runner = startRunner([...args, ...(limits ? [] : ["--limits", "off"])], env, release);
  try {
    await runner.ready();
  } catch (error) {
    await runner.end();
    removeOwn();
    throw error;
  }
  const command = (name: string, ...words: string[]): Promise<string> =>
    runCommand(name, words, { data, release });

  return {
    data,
    port,
    url: `http://127.0.0.1:${port}`,
    runner,
    command,
    scale: (to: number) => command("scale", String(to)),
    roll: () => command("roll"),
    mint: (count: number) => mintUsers(data, count, release),
    /** Stops a cluster in a given folder in order. Kills any other at once and removes its folder. */
    async stop(): Promise<void> {
      await (given === undefined ? runner.end() : runner.stop("SIGTERM"));
      removeOwn();
    },
  };

  function removeOwn(): void {
    // A killed process may hold its files for a moment.
    if (given === undefined) rmSync(data, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** The runner (`npm start`) in a child process, with its output. */
export function startRunner(args: string[], env: Record<string, string> = {}, release = ROOT) {
  const main = join(release, "infra/local/main.ts");
  const settings = { ...OWN_STORES, ...env };
  const child = spawnChild(settings, process.execPath, [main, ...args], ["ignore", "pipe", "pipe"]);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (data) => {
      output += String(data);
    });
  }
  const gone = endOf(child);
  let code: number | string | undefined;
  void gone.then((how) => {
    code = how;
  });

  return {
    pid: child.pid ?? 0,
    said: () => output,
    /** Resolves with its exit code, or the signal that ended it. */
    gone,
    /** Resolves when the cluster serves. @throws Error with the output when the runner ends instead. */
    async ready(): Promise<void> {
      const isDecided = (): boolean => code !== undefined || output.includes("Ready after");
      await until("the cluster starts", isDecided, { withinMs: READY_WITHIN_MS });
      if (code !== undefined) throw new Error(`the runner ended (${code}): ${output}`);
    },
    stop(signal: NodeJS.Signals): Promise<number | string> {
      child.kill(signal);
      return gone;
    },
    /** Kills all processes by a second signal. */
    async end(): Promise<number | string> {
      child.kill("SIGTERM");
      await Promise.race([gone, delay(SECOND_SIGNAL_MS)]);
      child.kill("SIGTERM");
      return await gone;
    },
  };
}

function endOf(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve) => child.once("exit", (code, signal) => resolve(code ?? signal ?? "?")));
}
