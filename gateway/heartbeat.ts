/**
 * The heartbeat of a gateway: one timer, twice a second, for every repeated task. Owns the schedule and the order. The
 * tasks live in their rooms (recovery/reconciler.ts, presence/, control/).
 */
import { Unavailable } from "../shared/server/process/unavailable.ts";
import { HEARTBEAT_MS } from "../shared/timeouts.ts";
import type { ReportInternalError } from "./internal-errors.ts";

export type HeartbeatDeps = {
  /** Runs at the start of every beat, also during tasks of an earlier one. @param lateMs delay of the beat, ms. */
  before: (lateMs: number) => void;
  /** By name. All of them run at once; each runs again with the next beat, also after a failure. */
  tasks: ReadonlyMap<string, () => Promise<void>>;
  /** Runs at the end of every beat. */
  after: () => void;
  /** Called with whether Redis and PostgreSQL answered all tasks: for readiness. */
  onAnswers: (allAnswered: boolean) => void;
  onInternalError: ReportInternalError;
};

/** @returns a function that stops it. */
export function startHeartbeat({ before, tasks, after, onAnswers, onInternalError }: HeartbeatDeps) {
  let lastHeartbeatAt = performance.now();
  let isRunning = false;
  const timer = setInterval(() => void runTasks(), HEARTBEAT_MS);
  return { close: () => clearInterval(timer) };

  async function runTasks(): Promise<void> {
    const lateMs = performance.now() - lastHeartbeatAt - HEARTBEAT_MS;
    lastHeartbeatAt = performance.now();
    before(lateMs);
    if (isRunning) return after();
    isRunning = true;
    const answers = await Promise.all([...tasks].map(([name, task]) => attempt(name, task)));
    isRunning = false;
    after();
    onAnswers(answers.every(Boolean));
  }

  /** Reports a bug under the task's name, without stopping other tasks. @returns false after an outage. */
  async function attempt(name: string, task: () => Promise<void>): Promise<boolean> {
    try {
      await task();
      return true;
    } catch (error) {
      if (error instanceof Unavailable) return false;
      onInternalError(error, "task", { task: name });
      return true;
    }
  }
}
