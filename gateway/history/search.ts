/**
 * Finds messages of a room by their words, newest first, in bounded time. Days that are over have an index of words, and
 * slices of today too, for words that are rare; frequent ones, and those of the last hours, are found among the newest rows,
 * and what PostgreSQL does not have yet in the log.
 */
import { findMarks, type Mark } from "../../shared/search-marks.ts";
import { type ArchivedEvent, archivedEventJson } from "../../shared/server/events/archived-event.ts";
import { SEARCH_MS } from "../../shared/timeouts.ts";
import type { ReadingGate } from "../limits/reading-gate.ts";
import type { RoomSpan } from "./day-memory.ts";
import { LOWEST, walkDays } from "./day-walk.ts";
import type { Indexed, SearchQueries } from "./search-queries.ts";
import { createSlicedDays } from "./sliced-days.ts";
import type { FindUnstored } from "./unstored.ts";
import type { LogView } from "./windows.ts";

/** Events as JSON texts, with the places of the words. `next`: the seq below which the search goes on; absent at the end. */
type Found = { hits: { event: string; marks: Mark[] }[]; next?: number };
/** @param words at least one of two characters. @throws as the gate does. */
export type Search = (
  room: string,
  words: readonly string[],
  place: { before: number | undefined; limit: number },
  reader: string,
) => Promise<Found>;
type Needs = {
  log: Pick<LogView, "deletedSeqs">;
  findUnstored: FindUnstored;
  queries: SearchQueries;
  gate: Pick<ReadingGate, "through">;
  /** Makes an old event fit for readers. */
  redact: (json: string) => string;
  now?: () => number;
};

/** Rows that are read before any index: a word with a hit on every hundredth fills its page from them. */
const FIRST_ROWS = 2_000;
/** Rows of one statement that reads them all. */
const ROWS_AT_ONCE = 20_000;
/** Partitions per statement: where the index finds nothing, most of a statement's time is its beginning. */
const DAYS_AT_ONCE = 8;
/** How long the days that have an index are remembered; a day that gets one meanwhile is read more slowly. */
const INDEXED_MS = 30_000;

export function createSearch(needs: Needs): Search {
  const { log, findUnstored, queries, gate, redact, now = () => performance.now() } = needs;
  const upToSliced = createSlicedDays(queries);
  let indexed: Indexed & { until: number } = { days: new Set(), slices: new Map(), until: 0 };

  return async (room, words, { before, limit }, reader) => {
    // Deletions that the worker has yet to write are read before the rows; otherwise one could be missed in between.
    const deleted = await log.deletedSeqs(room);
    const max = limit + 1;
    // The log is read before the rows: an event that is trimmed in between is a row by then.
    const recent = await findUnstored(room, words, before ?? Number.MAX_SAFE_INTEGER, max);
    const missing = max - recent.found.length;
    const isOver = recent.isCut || missing <= 0;
    const { rows, reached } = isOver
      ? { rows: [], reached: recent.above + 1 }
      : await gate.through(reader, () => walk(room, words, recent.above + 1, missing));
    const stored = rows.map((row) => ({
      ...{ seq: row.seq, json: archivedEventJson(room, row), text: row.text ?? "" },
      isDeleted: deleted.has(row.seq, row.userId ?? undefined),
    }));
    const found = [...recent.found.map((each) => ({ ...each, isDeleted: false })), ...stored];
    const page = found.slice(0, limit);
    const hits = page
      .filter(({ isDeleted }) => !isDeleted)
      .map(({ json, text }) => ({ event: redact(json), marks: findMarks(text, words) }));
    const next = found.length > limit ? page.at(-1)?.seq : reached;
    return next === undefined ? { hits } : { hits, next };
  };

  /** `reached`: when the time is up, the lowest seq that was looked at. */
  async function walk(room: string, words: readonly string[], from: number, max: number) {
    const until = now() + SEARCH_MS;
    const isLate = () => now() > until;
    const { days, slices } = await findIndexed();
    let reached: number | undefined;
    let highest = from;
    let isFirst = true;
    let daysAtOnce = DAYS_AT_ONCE;

    /** Rows of days without an index, piece by piece from the newest on, and the earlier ones by the indexes of slices. */
    async function readOpen(spans: RoomSpan[], above: number, below: number, max: number) {
      const sliced = await Promise.all(
        spans.map((span) => upToSliced(span, slices.get(span.day) ?? [], below, isLate)),
      );
      const bottom = Math.max(above, Math.min(...sliced));
      const rows = await readAll(spans, bottom, below, max);
      if (reached !== undefined || rows.length >= max || bottom === above) return rows;
      const range = { above, below: Math.min(below, bottom + 1) };
      for (const span of spans) {
        const parts = slices.get(span.day);
        if (parts) rows.push(...(await queries.lookUp(room, [span], range, words, max, parts)));
      }
      return rows;
    }

    async function readAll(spans: RoomSpan[], bottom: number, below: number, max: number) {
      const rows: ArchivedEvent[] = [];
      for (let top = below; top - 1 > bottom && rows.length < max; ) {
        if (isLate()) {
          reached = top;
          break;
        }
        const low = Math.max(bottom, top - 1 - ROWS_AT_ONCE);
        rows.push(...(await queries.scan(room, spans, { above: low, below: top }, words, max - rows.length)));
        top = low + 1;
      }
      return rows;
    }

    async function read(spans: RoomSpan[], above: number, below: number, max: number) {
      if (reached !== undefined) return [];
      const rows: ArchivedEvent[] = [];
      let top = Math.min(below, highest);
      if (isFirst) {
        isFirst = false;
        const low = Math.max(above, top - 1 - FIRST_ROWS);
        rows.push(...(await queries.scan(room, spans, { above: low, below: top }, words, max)));
        // A word of the newest rows is in a day often enough; more days would be fetched for nothing.
        if (rows.length > 0) daysAtOnce = 1;
        top = low + 1;
        if (rows.length >= max || low === above) return rows;
      }
      const left = max - rows.length;
      const [over, open] = [true, false].map((is) => spans.filter(({ day }) => days.has(day) === is));
      const scanned = open?.length ? await readOpen(open, above, top, left) : [];
      const found = over?.length ? await queries.lookUp(room, over, { above, below: top }, words, left) : [];
      const lowest = reached ?? LOWEST;
      const hits = [...scanned, ...found];
      // As many days as fill the page if each has as many hits as these.
      daysAtOnce = Math.min(DAYS_AT_ONCE, Math.ceil((left * spans.length) / hits.length));
      rows.push(...hits.filter(({ seq }) => seq >= lowest).sort((a, b) => b.seq - a.seq));
      if (isLate() && above !== LOWEST) reached ??= above + 1;
      return rows.slice(0, max);
    }

    const rows = await walkDays(from, max, {
      ...{ read, daysAtOnce: () => daysAtOnce },
      async daysBelow(below, count) {
        if (reached !== undefined) return { spans: [], above: LOWEST };
        const stretch = await queries.daysBelow(room, below, count);
        // A day that is not mapped may hold any seq, but no higher one than is stored.
        highest = Math.min(highest, stretch.below);
        return stretch;
      },
    });
    return { rows, reached };
  }

  async function findIndexed(): Promise<Indexed> {
    if (now() >= indexed.until) indexed = { ...(await queries.indexed()), until: now() + INDEXED_MS };
    return indexed;
  }
}
