/** Applies removals of an author's messages to the archive. */
import { inTransaction, type Sql, type Transaction } from "../shared/server/postgres/pool.ts";
import type { Log } from "../shared/server/process/logger.ts";
import type { StoredRow } from "./event-queries.ts";
import { createPartitionQueries } from "./partition-queries.ts";
import { createRemovalQueries, type Removal } from "./removal-queries.ts";

/** In the transaction that writes the events. Idempotent. */
export async function applyRemovals(tx: Transaction, rows: StoredRow[]): Promise<void> {
  for (const { removes, ...row } of rows) if (removes) await applyRemoval(tx, { ...row, ...removes });
}

async function applyRemoval(tx: Transaction, removal: Removal): Promise<void> {
  const { findDaysBetween, blank, unpin, record } = createRemovalQueries(tx);
  for (const day of await findDaysBetween(removal.roomId, removal.from, removal.seq)) {
    await blank(removal, day);
    await unpin(removal, day);
  }
  await record(removal);
}

/** A removal is about the last hour, so it reaches from one day into the next at most. */
const DAYS = 2;

/**
 * @param now a clock in ms.
 * @returns a task that applies the removals which a worker of the release before archived without knowing them. Once, at start: this
 * release's workers leave none. It resolves with false, because one run finds all.
 */
export function createFormerRemovals(now: () => number, log: Log): (sql: Sql) => Promise<false> {
  let isDone = false;
  return async (sql) => {
    if (isDone) return false;
    const from = new Date(now() - DAYS * 86_400_000).toISOString().slice(0, 10);
    const { findUnapplied } = createRemovalQueries(sql);
    for (const day of await createPartitionQueries(sql).findPartitions()) {
      if (day < from) continue;
      const left = await findUnapplied(day);
      for (const removal of left) await inTransaction(sql, (tx) => applyRemoval(tx, removal));
      if (left.length > 0) log.info({ day, removals: left.length }, "removals of an older worker applied");
    }
    isDone = true;
    return false;
  };
}
