/**
 * A task that runs in one process of the cluster at a time: in the one whose session holds a lock of PostgreSQL. When that process
 * dies, PostgreSQL gives its lock up, and another process begins within seconds. Owns who runs, not what is done.
 *
 * A process that loses its session may go on for about a second while another one begins. So the task's effects must be safe to
 * repeat, and what it writes down must be compared with what it read before.
 */
import { backoffMs } from "../../backoff.ts";
import { pause } from "../process/pause.ts";
import { createAdvisoryLockQueries } from "./advisory-lock-queries.ts";
import type { Sql } from "./pool.ts";

/** How often the holder looks whether its session is the same, and how often the others ask for the lock. */
const LOOK_MS = 1_000;
const FIRST_MS = 100;
const MAX_MS = 5_000;

export type SoleTask = {
  /** Whether this process runs the task. */
  isRunning(): boolean;
  /** Ends the task, and gives the lock up. */
  stop(): Promise<void>;
};
export type SoleTaskDeps = {
  /** Of a lane with one connection that is kept (`isSession`). */
  sql: Sql;
  /** A number that nothing else in the database uses. */
  lock: number;
  /**
   * Runs until the signal, which also says that the lock is lost. When it ends before, by an error too, the lock is given up and
   * asked for again.
   */
  run: (signal: AbortSignal) => Promise<void>;
  /** Told of each failure of the task or of the lock. */
  onError: (error: unknown) => void;
};

/** Begins to ask for the lock at once. */
export function startSoleTask({ sql, lock, run, onError }: SoleTaskDeps): SoleTask {
  const queries = createAdvisoryLockQueries(sql);
  const stopped = new AbortController();
  let running = false;
  const ended = takeTurns();

  return {
    isRunning: () => running,
    async stop() {
      stopped.abort();
      await ended;
    },
  };

  async function takeTurns(): Promise<void> {
    let failures = 0;
    while (!stopped.signal.aborted) {
      try {
        const session = await queries.take(lock);
        if (session === undefined) await pause(LOOK_MS * (0.5 + Math.random()), stopped.signal);
        else await runHolding(session);
        failures = 0;
      } catch (error) {
        onError(error);
        await pause(backoffMs(failures++, FIRST_MS, MAX_MS), stopped.signal);
      }
    }
  }

  async function runHolding(session: number): Promise<void> {
    const over = new AbortController();
    const signal = AbortSignal.any([stopped.signal, over.signal]);
    const watched = watch(session, over);
    running = true;
    try {
      await run(signal);
    } finally {
      running = false;
      over.abort();
      await watched;
      await giveUp(session);
    }
  }

  /** Ends the turn when the session is another one, or may be. */
  async function watch(session: number, over: AbortController): Promise<void> {
    while (!over.signal.aborted) {
      await pause(LOOK_MS, over.signal);
      try {
        if (!over.signal.aborted && (await queries.findSession()) !== session) over.abort();
      } catch (error) {
        over.abort();
        onError(error);
      }
    }
  }

  /** A session that does not answer has lost the lock, or will. */
  async function giveUp(session: number): Promise<void> {
    try {
      if ((await queries.findSession()) === session) await queries.release(lock);
    } catch (error) {
      onError(error);
    }
  }
}
