/** Takes the names of accounts that closed out of the archive, a day at a time: no statement opens or locks another one. */
import type { Sql } from "../shared/server/postgres/pool.ts";
import { eraseNames, findClosed, noteErased } from "./closed-account-queries.ts";
import { findPartitions } from "./partition-queries.ts";

/** Safe to repeat: who dies on the way begins again. @returns how many events named them. */
export async function eraseClosed(sql: Sql): Promise<number> {
  const ids = await findClosed(sql);
  if (ids.length === 0) return 0;
  let erased = 0;
  for (const day of await findPartitions(sql)) erased += await eraseNames(sql, ids, day);
  await noteErased(sql, ids);
  return erased;
}
