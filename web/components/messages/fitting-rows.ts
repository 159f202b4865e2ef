/** The number of rows that fill a window, from the lowest height of each. Needs no layout, and is never too small. */
import type { Row } from "../../state/timeline.ts";

/** Lowest heights, px: a row with the author's name, a row that starts a run without one, and a row within a run. */
const NAMED_PX = 74;
const STARTS_PX = 52;
const MIN_ROW_PX = 43;

/** @returns the newest of `rows` that fill `height`, including one that is cut. */
export function fittingRows(rows: readonly Row[], height: number): readonly Row[] {
  let filled = 0;
  let first = rows.length;
  while (filled < height && first > 0) {
    first -= 1;
    filled += minHeight(rows[first] as Row);
  }
  return rows.slice(first);
}

function minHeight(row: Row): number {
  if ((row.kind !== "message" && row.kind !== "waiting") || !row.starts) return MIN_ROW_PX;
  return row.mine ? STARTS_PX : NAMED_PX;
}
