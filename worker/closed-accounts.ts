/** Removes the names of closed accounts from the archive, one day at a time, so that each statement opens and locks one partition. */
import type { Sql } from "../shared/server/postgres/pool.ts";
import { eraseNames, findClosed, noteErased } from "./closed-account-queries.ts";
import { findPartitions } from "./partition-queries.ts";

/** Idempotent: after a crash the next run starts over. @returns the number of events that contained the names. */
export async function eraseClosed(sql: Sql): Promise<number> {
  const ids = await findClosed(sql);
  if (ids.length === 0) return 0;
  let erased = 0;
  for (const day of await findPartitions(sql)) erased += await eraseNames(sql, ids, day);
  await noteErased(sql, ids);
  return erased;
}
