/** Fills the map of days for events that are older than the map, one day at a time, while the cluster runs. */

import type { Sql } from "../shared/server/postgres/pool.ts";
import type { Log } from "../shared/server/process/logger.ts";
import { createDayMapQueries } from "./day-map-queries.ts";
import { createProgress } from "./progress.ts";

/**
 * @param now a clock in ms.
 * @returns a task that maps one day and resolves with true if another one is left.
 */
export function createDayMapping(log: Log, now: () => number = Date.now) {
  const progress = createProgress(log, now);
  let mapped = 0;
  return async (sql: Sql): Promise<boolean> => {
    const { nextUnmappedDay, mapDay } = createDayMapQueries(sql);
    const next = await nextUnmappedDay();
    if (next === undefined) {
      if (mapped > 0) log.info({ days: mapped }, "the archive's days are mapped");
      mapped = 0;
      return false;
    }
    await progress("mapping the archive's days", () => ({ mapped, left: next.left, day: next.day }));
    await mapDay(next.day);
    mapped++;
    return true;
  };
}
