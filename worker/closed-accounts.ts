/** Removes the names of closed accounts from the archive, one day at a time, so that each statement opens and locks one partition. */
import type { Sql } from "../shared/server/postgres/pool.ts";
import { createClosedAccountQueries } from "./closed-account-queries.ts";
import { createPartitionQueries } from "./partition-queries.ts";

/** Idempotent: after a crash the next run starts over. @returns the number of events that contained the names. */
export async function eraseClosed(sql: Sql): Promise<number> {
  const { findClosed, eraseNames, noteErased } = createClosedAccountQueries(sql);
  const ids = await findClosed();
  if (ids.length === 0) return 0;
  let erased = 0;
  for (const day of await createPartitionQueries(sql).findPartitions()) erased += await eraseNames(ids, day);
  await noteErased(ids);
  return erased;
}
