/** Walks a room's rows upward by seq, a few days at a time: each statement names the partitions it needs. Pure. */

/** A day with rows of a room, and their lowest and highest seq; the ranges of two days may overlap. */
export type Span = { day: string; first: number; last: number };
/** All rows above a seq, up to another one, are on these days. */
export type Step = { days: string[]; above: number; upTo: number };

/** Partitions per statement; more only if days overlap. */
const DAYS_AT_ONCE = 3;

/**
 * @param spans by their lowest seq.
 * @param wanted rows: no more days than likely have them. @param atOnce partitions per statement.
 * @returns the next days with rows above a seq; undefined: there are none.
 */
export function nextStep(
  spans: readonly Span[],
  above: number,
  wanted = Number.POSITIVE_INFINITY,
  atOnce = DAYS_AT_ONCE,
): Step | undefined {
  const left = spans.filter(({ last }) => last > above);
  const nearest = left[0];
  if (nearest === undefined) return undefined;
  // The next row may be on any of these days: their order is only known once they are read together.
  const from = Math.max(above + 1, nearest.first);
  const begun = left.filter(({ first }) => first <= from).length;
  let step = stepOf(left, begun, above);
  for (let count = begun + 1; count <= Math.min(atOnce, left.length); count++) {
    if (step.upTo - from + 1 >= wanted) break;
    step = stepOf(left, count, above);
  }
  return step;
}

function stepOf(left: readonly Span[], count: number, above: number): Step {
  const taken = left.slice(0, count);
  const next = left[count];
  const top = Math.max(...taken.map(({ last }) => last));
  const upTo = next === undefined ? top : Math.min(top, next.first - 1);
  return { days: taken.map(({ day }) => day), above, upTo };
}
