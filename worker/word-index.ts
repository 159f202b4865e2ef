/**
 * Makes messages findable by their words: of days that are over, one day at a time, the newest first, and of today the slices of the clock
 * that are over, each with an index of its own. So the words of a message are not worked out while it is written, except of one that comes so
 * late that its slice has an index: PostgreSQL adds it. Gateways read what has no index by key.
 */
import type { Sql } from "../shared/server/postgres/pool.ts";
import { endOf, slicesFromMidnight } from "../shared/server/postgres/word-slices.ts";
import type { Log } from "../shared/server/process/logger.ts";
import { createProgress } from "./progress.ts";
import { createWordIndexQueries } from "./word-index-queries.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Shorter ones leave fewer rows to be read by key, but each search of today is planned with all of them. */
const SLICE_HOURS = 3;
/** By then the worker has written nearly all messages of a slice; the others cost more, each by itself. */
const SETTLED_MS = 2 * 60_000;
/** Fewer rows are read by key in a few milliseconds, so that they are left to the next slice. */
const MIN_ROWS = 5_000;

/**
 * @param now a clock in ms. @param minRows a slice has so many at least.
 * @returns a task that indexes one day, and a slice if one is due, and resolves with true if another day is left.
 */
export function createWordIndexing(log: Log, now: () => number = Date.now, minRows = MIN_ROWS) {
  const progress = createProgress(log, now);
  let tooFew = "";

  return async (sql: Sql): Promise<boolean> => {
    const { nextWithoutWords, dropWords, buildWords } = createWordIndexQueries(sql);
    const today = new Date(now()).toISOString().slice(0, 10);
    await indexSlice(sql, today);
    const next = await nextWithoutWords(today);
    if (next === undefined) return false;
    const { day, left, isBroken } = next;
    await progress("indexing the words of the archive", () => ({ left, day }));
    if (isBroken) await dropWords(day);
    await buildWords(day);
    return left > 1;
  };

  /** Drops what was cut off, and what the index of the whole day replaced; builds the slice since the last one. */
  async function indexSlice(sql: Sql, today: string): Promise<void> {
    const { findSlices, hasRows, dropWords, buildWords } = createWordIndexQueries(sql);
    const built = [];
    for (const { day, isValid, isBeingBuilt, isOver, ...slice } of await findSlices()) {
      if (isBeingBuilt) return;
      if (!isValid || isOver) await dropWords(day, slice);
      else if (day === today) built.push(slice);
    }
    const hours = ((now() % DAY_MS) - SETTLED_MS) / HOUR_MS;
    const slice = {
      from: endOf(slicesFromMidnight(built)),
      to: Math.floor(hours / SLICE_HOURS) * SLICE_HOURS,
    };
    const name = `${today} ${slice.to}`;
    if (slice.to <= slice.from || name === tooFew) return;
    if (await hasRows(today, slice, minRows)) await buildWords(today, slice);
    else tooFew = name;
  }
}
