/** What is past its retention goes by whole days, UTC, as the archive's partitions do; from then on nobody tells it. */

const DAY_MS = 86_400_000;

/**
 * @param retentionDays 0: nothing is ever past it.
 * @returns the time in ms from which on events are kept: the start of a day.
 */
export function keptSince(now: number, retentionDays: number): number {
  if (retentionDays === 0) return 0;
  return Math.floor((now - retentionDays * DAY_MS) / DAY_MS) * DAY_MS;
}
