/** Retention in whole days (UTC), like the archive's partitions. Events past it are no longer sent to anybody. */

const DAY_MS = 86_400_000;

/**
 * @param retentionDays 0: events are kept forever.
 * @returns the time of the oldest events that are kept, in ms since the epoch: the start of a day.
 */
export function keptSince(now: number, retentionDays: number): number {
  if (retentionDays === 0) return 0;
  return Math.floor((now - retentionDays * DAY_MS) / DAY_MS) * DAY_MS;
}
