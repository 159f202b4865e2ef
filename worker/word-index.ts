/**
 * Makes messages of days that are over findable by their words, one day at a time, the newest first. Today's rows have no such
 * index, so that no message is written more slowly for it; gateways read those by key.
 */
import type { Sql } from "../shared/server/postgres/pool.ts";
import type { Log } from "../shared/server/process/logger.ts";
import { createProgress } from "./progress.ts";
import { createWordIndexQueries } from "./word-index-queries.ts";

/**
 * @param now a clock in ms.
 * @returns a task that indexes one day and resolves with true if another one is left.
 */
export function createWordIndexing(log: Log, now: () => number = Date.now) {
  const progress = createProgress(log, now);
  return async (sql: Sql): Promise<boolean> => {
    const { nextWithoutWords, dropBroken, buildWords } = createWordIndexQueries(sql);
    const next = await nextWithoutWords(new Date(now()).toISOString().slice(0, 10));
    if (next === undefined) return false;
    const { day, left, isBroken } = next;
    await progress("indexing the words of the archive", () => ({ left, day }));
    if (isBroken) await dropBroken(day);
    await buildWords(day);
    return left > 1;
  };
}
