/** The daily partitions of `messages`: made ahead, made on the spot when one is missing, dropped when too old. */
import type { Sql } from "../shared/server/postgres/pool.ts";
import { forgetDay } from "./day-map-queries.ts";
import { createPartition, dropPartition, findPartitions, lockPartitions } from "./partition-queries.ts";

const DAY_MS = 86_400_000;
/** Today and a week: a worker may be away that long before a row misses its partition. */
const AHEAD = 8;
const WEEK = 7;

/** `2026-11-22`, UTC. */
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** Today's partition and those of the next 7 days. Safe when several workers do it at once. */
export async function ensureAhead(sql: Sql, now: number): Promise<void> {
  await ensureDays(sql, now, AHEAD);
}

/** The partition of `day` (`2026-11-22`) and of the 6 days after it. */
export async function ensureWeek(sql: Sql, day: string): Promise<void> {
  await ensureDays(sql, Date.parse(day), WEEK);
}

async function ensureDays(sql: Sql, from: number, count: number): Promise<void> {
  const days = Array.from({ length: count + 1 }, (_, index) => dayOf(from + index * DAY_MS));
  await sql.begin(async (tx) => {
    await lockPartitions(tx);
    const present = new Set(await findPartitions(tx));
    for (const [index, day] of days.slice(0, count).entries()) {
      const next = days[index + 1];
      if (next && !present.has(day)) await createPartition(tx, day, next);
    }
  });
}

/** Messages of earlier days are past their retention. @param retentionDays 0: none is. @returns null then. */
export const oldestKept = (now: number, retentionDays: number): string | null =>
  retentionDays === 0 ? null : dayOf(now - retentionDays * DAY_MS);

/**
 * Drops the partitions whose last moment is more than `retentionDays` ago.
 * @returns the days that were dropped; none when `retentionDays` is 0.
 */
export async function dropExpired(sql: Sql, now: number, retentionDays: number): Promise<string[]> {
  const oldest = oldestKept(now, retentionDays);
  if (oldest === null) return [];
  const expired = (await findPartitions(sql)).filter((day) => day < oldest);
  // One at a time: its locks, and who waits for them, are let go before the next.
  for (const day of expired)
    await sql.begin(async (tx) => {
      await lockPartitions(tx);
      await dropPartition(tx, day);
      await forgetDay(tx, day);
    });
  return expired;
}
