/**
 * Reads a room's archive downward, a few days at a time: each statement names the partitions it needs and opens no
 * other. Pure except for its two reads.
 */

/** A day with events of a room, and their lowest and highest seq; the ranges of two days may overlap. */
export type DaySpan = { day: string; first: number; last: number };

/**
 * `highestSpans`: spans that begin below a seq, by `last`, highest first. `read`: rows between two seqs, both
 * exclusive.
 */
export type DayReads<Span extends DaySpan, Row> = {
  highestSpans: (below: number, max: number) => Promise<Span[]>;
  read: (days: Span[], above: number, below: number, max: number) => Promise<Row[]>;
};

/** Partitions per statement; more only if days overlap. */
const DAYS_AT_ONCE = 2;
/** Spans per query. */
const SPANS = 64;
/** Below all seqs, also below negated ones. */
const LOWEST = -Number.MAX_SAFE_INTEGER;

/** @returns the highest rows below a seq, at most `max`, highest first. */
export async function walkDays<Span extends DaySpan, Row>(
  from: number,
  max: number,
  { highestSpans, read }: DayReads<Span, Row>,
): Promise<Row[]> {
  const rows: Row[] = [];
  let below = from;
  let ask = SPANS;
  for (;;) {
    const spans = await highestSpans(below, ask);
    const all = spans.length < ask;
    // Spans that were not returned end at or below this seq.
    const known = all ? LOWEST : (spans.at(-1)?.last ?? LOWEST);
    if (known >= below - 1) {
      ask *= 8;
      continue;
    }
    while (below - 1 > known) {
      const days = spans.filter(({ first }) => first < below);
      if (days.length === 0) break;
      const overlapping = days.filter(({ last }) => last >= below - 1).length;
      const count = Math.max(DAYS_AT_ONCE, overlapping);
      const above = Math.max(known, days[count]?.last ?? LOWEST);
      rows.push(...(await read(days.slice(0, count), above, below, max - rows.length)));
      if (rows.length >= max) return rows;
      below = above + 1;
    }
    if (all) return rows;
  }
}
