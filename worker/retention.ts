/**
 * Drops the days that are past the retention, one at a time, so that also a retention that is turned on over years of days disturbs nobody. Each
 * step is one transaction with a handful of locks; it gives up where a reader would have to be waited for. Safe to crash at any point: the next
 * worker finds what is left.
 */
import { PostgresError, type Sql } from "../shared/server/postgres/pool.ts";
import type { Log } from "../shared/server/process/logger.ts";
import { createDayMapQueries } from "./day-map-queries.ts";
import { createPartitionChangeQueries, createPartitionQueries } from "./partition-queries.ts";
import { oldestKept } from "./partitions.ts";
import { createProgress } from "./progress.ts";

const LOCK_NOT_AVAILABLE = "55P03";

/** Whether a day (`2026-11-22`) is needed yet. */
export type HoldsDay = (sql: Sql, day: string) => Promise<boolean>;

/**
 * @param surely ms since the epoch, by a clock that is safe against jumps: a day that is dropped too early is lost.
 * @param retentionDays 0: all days are kept.
 * @param holds a day that is held stays, and so do those after it.
 * @returns a task that drops one day and resolves with true if another one is left.
 */
export function createRetention(
  surely: () => number,
  retentionDays: number,
  log: Log,
  holds: HoldsDay = async () => false,
) {
  const progress = createProgress(log);
  let oldest = "";
  let expired: string[] = [];
  let dropped = 0;
  let held = "";
  /** All days before this one are gone; one that comes back with a late event goes a day later. */
  let droppedBefore = "";

  return async (sql: Sql): Promise<boolean> => {
    if (expired.length === 0) {
      oldest = oldestKept(surely(), retentionDays) ?? "";
      if (oldest <= droppedBefore) return false;
      expired = (await createPartitionQueries(sql).findPartitions()).filter((each) => each < oldest);
    }
    const [day] = expired;
    if (day === undefined) {
      droppedBefore = oldest;
      return false;
    }
    if (await holds(sql, day)) {
      if (held !== day) log.warn({ day }, "an expired day is kept until Kafka has all of it");
      held = day;
      return false;
    }
    await progress("dropping expired days", () => ({ dropped, left: expired.length, day }));
    if (!(await dropDay(sql, day))) {
      log.info({ day }, "an expired day is being read and is dropped later");
      return false;
    }
    expired.shift();
    dropped++;
    if (expired.length > 0) return true;
    droppedBefore = oldest;
    log.info({ days: dropped }, "expired days dropped");
    dropped = 0;
    return false;
  };
}

/** @returns false if somebody holds the day, or all of `messages`, for longer than may be waited. */
async function dropDay(sql: Sql, day: string): Promise<boolean> {
  try {
    await sql.begin(async (tx) => {
      const { lockPartitions, lockExpired, dropPartition } = createPartitionChangeQueries(tx);
      await lockPartitions();
      await createDayMapQueries(tx).forgetDay(day);
      await lockExpired(day);
      await dropPartition(day);
    });
    return true;
  } catch (error) {
    if (isLocked(error)) return false;
    throw error;
  }
}

function isLocked(error: unknown): boolean {
  const { cause } = error as { cause?: unknown };
  return cause instanceof PostgresError && cause.code === LOCK_NOT_AVAILABLE;
}
