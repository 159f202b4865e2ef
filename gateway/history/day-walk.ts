/**
 * Reads a room's archive downward, a few days at a time: each statement names the partitions it needs and opens no
 * other. Pure except for its two reads.
 */

/** A day with events of a room, and their lowest and highest seq; the ranges of two days may overlap. */
export type DaySpan = { day: string; first: number; last: number };
/** Days by `last`, highest first. Days that are not among them end at or below `above`. */
export type Days<Span extends DaySpan> = { spans: Span[]; above: number };

/**
 * `daysBelow`: the highest days that begin below a seq. `read`: rows between two seqs, both exclusive. `daysAtOnce`: so many
 * partitions for the next statement; more only if days overlap.
 */
export type DayReads<Span extends DaySpan, Row> = {
  daysBelow: (below: number, max: number) => Promise<Days<Span>>;
  read: (days: Span[], above: number, below: number, max: number) => Promise<Row[]>;
  daysAtOnce?: () => number;
};

const DAYS_AT_ONCE = 2;
/** Days per query. */
const SPANS = 64;
/** Below all seqs, also below negated ones. */
export const LOWEST = -Number.MAX_SAFE_INTEGER;

/** @returns the highest rows below a seq, at most `max`, highest first. */
export async function walkDays<Span extends DaySpan, Row>(
  from: number,
  max: number,
  { daysBelow, read, daysAtOnce = () => DAYS_AT_ONCE }: DayReads<Span, Row>,
): Promise<Row[]> {
  const rows: Row[] = [];
  let below = from;
  let ask = SPANS;
  let wanted = max;
  for (;;) {
    const { spans, above: known } = await daysBelow(below, ask);
    if (known >= below - 1) {
      ask *= 8;
      continue;
    }
    while (below - 1 > known) {
      const days = spans.filter(({ first }) => first < below);
      if (days.length === 0) {
        below = known + 1;
        break;
      }
      const count = countNeeded(days, below, wanted, daysAtOnce());
      const above = Math.max(known, days[count]?.last ?? LOWEST);
      rows.push(...(await read(days.slice(0, count), above, below, max - rows.length)));
      if (rows.length >= max) return rows;
      below = above + 1;
      // The days hold fewer rows than seqs.
      wanted = Number.POSITIVE_INFINITY;
    }
    if (known === LOWEST) return rows;
  }
}

/**
 * How many days the next statement names. A first look at a partition costs PostgreSQL some milliseconds, so no day
 * that is likely not needed.
 */
function countNeeded(days: readonly DaySpan[], below: number, wanted: number, atOnce: number): number {
  const overlapping = days.filter(({ last }) => last >= below - 1).length;
  const isEnough = (count: number): boolean => below - 1 - (days[count]?.last ?? LOWEST) >= wanted;
  let count = Math.max(1, overlapping);
  while (count < atOnce && !isEnough(count)) count++;
  return count;
}
