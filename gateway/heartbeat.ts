/**
 * The heartbeat of a gateway: one timer, twice a second, for all that is done again and again. Owns when and in what order;
 * what is done stands in the rooms (recovery/reconciler.ts, presence/, control/).
 */
import { Unavailable } from "../shared/server/process/unavailable.ts";
import { HEARTBEAT_MS } from "../shared/timeouts.ts";
import type { ReportInternalError } from "./internal-errors.ts";

export type HeartbeatDeps = {
  /** Begins every beat, also while tasks of an earlier one are running. @param lateMs how late the beat is. */
  before: (lateMs: number) => void;
  /** By name. All of them run at once; each is tried again with the next beat, whatever became of it. */
  tasks: ReadonlyMap<string, () => Promise<void>>;
  /** Ends every beat. */
  after: () => void;
  /** Whether the tasks could be done, as far as Redis and PostgreSQL go: for readiness. */
  onAnswers: (allAnswered: boolean) => void;
  onInternalError: ReportInternalError;
};

/** @returns ends it. */
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

  /** A fault of ours is reported under the task's name, and stops no other task. @returns false after an outage. */
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
