/** Owns the daily partitions of `messages`: creates them in advance, or when one is missing. retention.ts drops them. */
import type { Sql } from "../shared/server/postgres/pool.ts";
import { createPartitionChangeQueries, createPartitionQueries } from "./partition-queries.ts";

const DAY_MS = 86_400_000;
/** Today and the next 7 days: for that long rows find their partition while no worker runs. */
const AHEAD = 8;
const WEEK = 7;

/** `2026-11-22`, UTC. */
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** Creates today's partition and those of the next 7 days. Safe for several workers at the same time. */
export async function ensureAhead(sql: Sql, now: number): Promise<void> {
  await ensureDays(sql, now, AHEAD);
}

/** Creates the partitions of `day` (`2026-11-22`) and of the 6 days after it. */
export async function ensureWeek(sql: Sql, day: string): Promise<void> {
  await ensureDays(sql, Date.parse(day), WEEK);
}

async function ensureDays(sql: Sql, from: number, count: number): Promise<void> {
  const days = Array.from({ length: count + 1 }, (_, index) => dayOf(from + index * DAY_MS));
  await sql.begin(async (tx) => {
    const { lockPartitions, createPartition } = createPartitionChangeQueries(tx);
    await lockPartitions();
    const present = new Set(await createPartitionQueries(tx).findPartitions());
    for (const [index, day] of days.slice(0, count).entries()) {
      const next = days[index + 1];
      if (next && !present.has(day)) await createPartition(day, next);
    }
  });
}

/** @returns the oldest day within the retention (`2026-11-22`, UTC); undefined if `retentionDays` is 0: all days are kept. */
export const oldestKept = (now: number, retentionDays: number): string | undefined =>
  retentionDays === 0 ? undefined : dayOf(now - retentionDays * DAY_MS);
