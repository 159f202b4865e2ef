/** How long the worker waits from one look at the dirty lists to the next: longer, step by step, while nothing is pending. */

/** Short, so that a batch that is due is archived almost at once. */
const POLL_MS = 200;
/** A burst of messages after a silence is archived so much later at most. */
const SLOWEST_MS = 1_000;

/** @param dueMs the age at which an event is due: the pace depends on it, so that a single event is never archived late. */
export function createPollPace(dueMs: number) {
  const slowestMs = Math.max(POLL_MS, Math.min(SLOWEST_MS, dueMs / 10));
  let waitMs = POLL_MS;
  return {
    /** To be called after each look. */
    looked(found: boolean): void {
      waitMs = found ? POLL_MS : Math.min(slowestMs, waitMs + POLL_MS);
    },
    waitMs: (): number => waitMs,
  };
}
