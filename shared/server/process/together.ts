/** Waits that end together: an idle process pays more for waking than for what it does then, so several tasks share one wake. */

const GRID_MS = 500;
/** A timer may end a little before or after its time. */
const SLACK_MS = 50;

/** @returns how long to wait instead of `ms`: less by up to half a second, so that the waits of one process end at the same moments. */
export function togetherMs(ms: number, now = performance.now()): number {
  if (ms < 2 * GRID_MS) return ms;
  const end = Math.floor((now + ms + SLACK_MS) / GRID_MS) * GRID_MS;
  return Math.ceil(end - now);
}
