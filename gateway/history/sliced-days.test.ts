/** How far the slices of a day reach into a room, as seqs, while messages and slices come and slices go. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { slicesFromMidnight } from "../../shared/server/postgres/word-slices.ts";
import type { SeqRange } from "./search-queries.ts";
import { createSlicedDays } from "./sliced-days.ts";

const SPAN = { roomId: 1, day: "2026-11-30", first: 1, last: 100 };
const until = (to: number) => [{ from: 0, to }];

/** A room whose n-th message was said at an hour. */
function openRoom(hours: number[], rowsAtOnce = 1_000) {
  let statements = 0;
  const upToSliced = createSlicedDays({
    async earlierThan(_, hour, { above, below }: SeqRange) {
      statements++;
      const last = Math.min(below - 1, hours.length, above + rowsAtOnce);
      const later = hours.findIndex((each, n) => n + 1 > above && n + 1 <= last && each >= hour);
      if (later >= 0) return { upTo: later, isEnd: true };
      return { upTo: last === above + rowsAtOnce ? last : below - 1, isEnd: false };
    },
  });
  return {
    reach: (to: number, isLate = () => false) => upToSliced(SPAN, until(to), hours.length + 1, isLate),
    statements: () => statements,
  };
}

test("reaches up to the first message that no slice has, in whatever order slices come and go", async () => {
  const hour = fc.nat(23);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(fc.record({ said: hour }), fc.record({ to: hour })), { maxLength: 40 }),
      fc.integer({ min: 1, max: 5 }),
      async (acts, rowsAtOnce) => {
        const hours: number[] = [];
        const { reach } = openRoom(hours, rowsAtOnce);
        for (const act of acts)
          if ("said" in act) hours.push(act.said);
          else {
            const later = hours.findIndex((each) => each >= act.to);
            expect(await reach(act.to)).toBe(
              act.to === 0 || later === 0 ? 0 : later < 0 ? hours.length : later,
            );
          }
      },
    ),
  );
});

test("reads what is sliced once, and goes on from there with the next slice", async () => {
  const { reach, statements } = openRoom([1, 2, 4, 5]);
  expect([await reach(3), await reach(3), statements()]).toEqual([2, 2, 1]);
  expect([await reach(6), await reach(6), statements()]).toEqual([4, 4, 2]);
});

test("reaches less far when the time is up, and further the next time", async () => {
  const { reach } = openRoom([1, 1, 1, 1, 4], 2);
  let looks = 0;
  expect(await reach(3, () => looks++ > 0)).toBe(2);
  expect(await reach(3)).toBe(4);
});

test("counts no slice behind a gap", () => {
  const slices = [
    { from: 6, to: 9 },
    { from: 0, to: 3 },
    { from: 9, to: 12 },
    { from: 2, to: 5 },
  ];
  expect(slicesFromMidnight(slices)).toEqual([
    { from: 0, to: 3 },
    { from: 2, to: 5 },
  ]);
  expect(slicesFromMidnight(slices.slice(0, 1))).toEqual([]);
});
