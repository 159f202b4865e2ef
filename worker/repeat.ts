/** Repeats tasks, and retries failed ones with backoff. Owns no state: each run starts from Redis and PostgreSQL. */
import { backoffMs } from "../shared/backoff.ts";
import type { Log } from "../shared/server/process/logger.ts";
import { pause } from "../shared/server/process/pause.ts";
import { togetherMs } from "../shared/server/process/together.ts";
import { Unavailable } from "../shared/server/process/unavailable.ts";
import type { Health } from "./health.ts";

export type Task = {
  /** For logs and readiness reasons. */
  name: string;
  /** Resolves with true if there is more to do at once. */
  run: () => Promise<boolean>;
  everyMs: number | (() => number);
};
type TaskContext = {
  signal: AbortSignal;
  health: Health;
  log: Log;
  /** Counts an internal error. */
  onInternalError: (task: string) => void;
};

const FIRST_MS = 100;
const MAX_MS = 5_000;

/**
 * Repeats a task until the signal; a run in progress ends first. The process is not ready before the first success and while the
 * task fails. Failures are retried with full jitter, and of those of ours the first one and the recovery are logged.
 */
export async function repeat(
  { name, run, everyMs }: Task,
  { signal, health, log, onInternalError }: TaskContext,
): Promise<void> {
  health.bad(name, "starting");
  let failures = 0;
  let wasOurs = false;
  while (!signal.aborted) {
    try {
      const more = await run();
      if (failures > 0) log[wasOurs ? "info" : "debug"]({ task: name, failures }, "task works again");
      failures = 0;
      health.good(name);
      if (!more) await pause(togetherMs(typeof everyMs === "number" ? everyMs : everyMs()), signal);
    } catch (error) {
      const ours = !(error instanceof Unavailable);
      if (ours) onInternalError(name);
      if (failures === 0 || ours !== wasOurs) {
        if (ours) log.error({ err: error, task: name }, "internal error: task fails, will try again");
        // The watch of the stores logs the outage once, for all tasks.
        else log.debug({ err: error, task: name }, "task fails, will try again");
      }
      wasOurs = ours;
      health.bad(name, ours ? "internal error" : (error as Error).message);
      await pause(backoffMs(failures++, FIRST_MS, MAX_MS), signal);
    }
  }
}

/**
 * Retries `run` during outages until it succeeds once, or until the signal.
 * @throws the error of `run` if it is not an outage, which ends a starting process.
 */
export async function retryUntilSuccess(
  name: string,
  run: () => Promise<void>,
  context: TaskContext,
): Promise<void> {
  const done = new AbortController();
  const signal = AbortSignal.any([context.signal, done.signal]);
  let failure: unknown;
  const runOnce = async (): Promise<boolean> => {
    try {
      await run();
    } catch (error) {
      if (error instanceof Unavailable) throw error;
      failure = error;
    }
    done.abort();
    return true;
  };
  await repeat({ name, run: runOnce, everyMs: 0 }, { ...context, signal });
  if (failure !== undefined) throw failure;
}
