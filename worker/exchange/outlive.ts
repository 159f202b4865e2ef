/** Retries the steps of an import while a store is away, so that a restart of PostgreSQL does not end it. */
import { setTimeout as wait } from "node:timers/promises";
import { backoffMs } from "../../shared/backoff.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";

export type Outlive = <T>(step: (attempt: number) => Promise<T>) => Promise<T>;
type Options = {
  /** Ends the waiting. */
  signal: AbortSignal;
  /** Called once for each outage. */
  onOutage: (reason: string) => void;
  /** Max time of retries of one step, ms. */
  withinMs?: number;
};

const WITHIN_MS = 120_000;
const FIRST_MS = 100;
const MAX_MS = 5_000;

/** @returns a function that runs a step until it succeeds. It throws the step's error when the outage lasts, or is none. */
export function createOutlive({ signal, onOutage, withinMs = WITHIN_MS }: Options): Outlive {
  return async (step) => {
    const since = performance.now();
    for (let attempt = 0; ; attempt++) {
      try {
        return await step(attempt);
      } catch (error) {
        const isOver = signal.aborted || performance.now() - since > withinMs;
        if (!(error instanceof Unavailable) || isOver) throw error;
        if (attempt === 0) onOutage(error.message);
        // Rejects only on the signal; the next failure then ends the retries.
        await wait(backoffMs(attempt, FIRST_MS, MAX_MS), undefined, { signal }).catch(() => undefined);
      }
    }
  };
}
