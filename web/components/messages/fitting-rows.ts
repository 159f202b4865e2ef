/** The number of rows that fill a window, from the lowest height of each. Needs no layout, and is never too small. */
import type { Row } from "../../state/timeline.ts";
import type { Density } from "../../sync/choices.ts";

/** Lowest heights, px: a row with the author's name, a row that starts a run without one, and a row within a run. */
const COZY = { named: 74, starts: 52, within: 43 };
const COMPACT = { named: 26, starts: 26, within: 26 };

/** @returns the newest of `rows` that fill `height`, including one that is cut. */
export function fittingRows(rows: readonly Row[], height: number, density: Density): readonly Row[] {
  const lowest = density === "cozy" ? COZY : COMPACT;
  let filled = 0;
  let first = rows.length;
  while (filled < height && first > 0) {
    first -= 1;
    filled += lowest[kindOf(rows[first] as Row)];
  }
  return rows.slice(first);
}

function kindOf(row: Row): keyof typeof COZY {
  if ((row.kind !== "message" && row.kind !== "waiting") || !row.starts) return "within";
  return row.mine ? "starts" : "named";
}
