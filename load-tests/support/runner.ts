/** Starts and ends the runner (`npm start`) of a cluster, for tests and load tests. */
import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { until } from "../../shared/until.ts";
import { ROOT } from "./commands.ts";
import { asNobody, spawnChild, withOpenFiles } from "./spawn.ts";

/** The cluster has its own stores, regardless of the environment. */
const OWN_STORES = { REDIS_URL: "", DATABASE_URL: "", SUDA_KEY_PREFIX: "" };
const READY_WITHIN_MS = 120_000;
/** The runner treats a second signal within 400 ms as the same request, so this is longer. */
const SECOND_SIGNAL_MS = 500;

export const RUNNER = "infra/local/main.ts";

export type RunnerOptions = {
  /** The arguments for Node that run it. */
  program?: string[];
  /** The number of files that each process may open. */
  openFiles?: number | undefined;
  /** As a user who owns nothing but what is given to them. */
  nobody?: boolean;
};

/** The runner (`npm start`) in a child process, with its output. */
export function startRunner(
  args: string[],
  env: Record<string, string> = {},
  { program = [join(ROOT, RUNNER)], openFiles, nobody }: RunnerOptions = {},
) {
  const settings = { ...OWN_STORES, ...env };
  const plain = [process.execPath, ...program, ...args];
  const limited = openFiles === undefined ? plain : withOpenFiles(openFiles, plain);
  const [file = "", ...words] = nobody ? asNobody(limited) : limited;
  const child = spawnChild(settings, file, words, ["ignore", "pipe", "pipe"]);
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
