/** Walks a room's rows upward by seq, a few days at a time: each statement names the partitions it needs. Pure. */

/** A day on which a room has rows, and the lowest and the highest of their seqs; those of two days may overlap. */
export type Span = { day: string; first: number; last: number };
/** Rows above a seq, up to another one, are on these days and no other. */
export type Step = { days: string[]; above: number; upTo: number };

/** Partitions in one statement; only days that overlap make it more. */
const DAYS_AT_ONCE = 3;

/** @param spans by their lowest seq. @returns the next days that hold rows above a seq; undefined: there are none. */
export function nextStep(spans: readonly Span[], above: number): Step | undefined {
  const left = spans.filter(({ last }) => last > above);
  const nearest = left[0];
  if (nearest === undefined) return undefined;
  // All of those among which the next row may be, whose place in the order is not known before they are read together.
  const from = Math.max(above + 1, nearest.first);
  const begun = left.filter(({ first }) => first <= from).length;
  const taken = left.slice(0, Math.max(DAYS_AT_ONCE, begun));
  const next = left[taken.length];
  const top = Math.max(...taken.map(({ last }) => last));
  const upTo = next === undefined ? top : Math.min(top, next.first - 1);
  return { days: taken.map(({ day }) => day), above, upTo };
}
