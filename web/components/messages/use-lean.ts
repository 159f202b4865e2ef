/** Limits the rows of a flood to those that fit the window, because nobody reads the others and each costs layout. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Row } from "../../state/timeline.ts";
import type { Density } from "../../sync/choices.ts";
import { fittingRows } from "./fitting-rows.ts";

/** More new rows at a time than this are a flood: each is gone before it can be read. */
const MANY = 4;
/** After this time without a flood, all rows are rendered again. */
const CALM_MS = 1_000;

/** @returns the rows to render, and whether they belong to a flood and therefore need no actions. */
export function useLean(rows: readonly Row[], isFollowing: boolean, density: Density) {
  const last = useRef({ rows, isFlood: false });
  const [, renderAgain] = useState({});
  if (last.current.rows !== rows) {
    const isFlood = last.current.rows.length > 0 && added(last.current.rows, rows) > MANY;
    last.current = { rows, isFlood };
  }
  const isLean = isFollowing && last.current.isFlood;

  useEffect(() => {
    if (!isLean) return;
    const timer = setTimeout(() => {
      last.current.isFlood = false;
      renderAgain({});
    }, CALM_MS);
    return () => clearTimeout(timer);
  }, [rows, isLean]);

  return { isLean, rows: isLean ? fittingRows(rows, innerHeight, density) : rows };
}

/** @returns the number of rows added at the bottom. */
function added(before: readonly Row[], now: readonly Row[]): number {
  const newest = before.at(-1)?.key;
  return now.length - 1 - now.findLastIndex(({ key }) => key === newest);
}
