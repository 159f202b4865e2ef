import { expect, test } from "vitest";
import type { Row } from "../../state/timeline.ts";
import { fittingRows } from "./fitting-rows.ts";

const said = (seq: number, look: { starts: boolean; mine?: boolean }): Row => ({
  kind: "message",
  key: `row ${seq}`,
  user: { id: "u", nickname: "n" },
  at: 0,
  seq,
  role: undefined,
  text: "t",
  removal: undefined,
  mine: false,
  tells: false,
  ...look,
});
const rowsOf = (look: { starts: boolean; mine?: boolean }) =>
  Array.from({ length: 40 }, (_, seq) => said(seq, look));

test.each([
  ["within one author's run", { starts: false }, "cozy", 19],
  ["of many authors, each with a name above it", { starts: true }, "cozy", 11],
  ["of one's own after others", { starts: true, mine: true }, "cozy", 16],
  ["of a line each", { starts: true }, "compact", 31],
] as const)("messages %s: so many fill a window", (_, look, density, count) => {
  const rows = rowsOf(look);
  expect(fittingRows(rows, 800, density)).toEqual(rows.slice(-count));
});

test("fewer than fill the window are all there, in their order", () => {
  const rows = rowsOf({ starts: true }).slice(0, 3);
  expect(fittingRows(rows, 800, "cozy")).toEqual(rows);
  expect(fittingRows([], 800, "cozy")).toEqual([]);
});
