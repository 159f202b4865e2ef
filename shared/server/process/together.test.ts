import { expect, it } from "vitest";
import { togetherMs } from "./together.ts";

/** The moments at which a task runs that takes `tookMs` and waits `everyMs` after each run. */
function moments(startMs: number, everyMs: number, tookMs: number): number[] {
  const ends = [startMs];
  for (let run = 0; run < 4; run++) {
    const now = (ends.at(-1) ?? 0) + tookMs;
    ends.push(Math.floor(now + togetherMs(everyMs, now)));
  }
  return ends.slice(1);
}

it("tasks of seconds come together, whenever they began, and keep their pace", () => {
  expect(moments(10_120, 1_000, 3.4)).toEqual([11_000, 12_000, 13_000, 14_000]);
  expect(moments(10_499.2, 1_000, 0.3)).toEqual([11_500, 12_500, 13_500, 14_500]);
  expect(moments(10_120, 2_500, 1)).toEqual([12_500, 15_000, 17_500, 20_000]);
});

it("a timer that ends a little early or late changes nothing", () => {
  expect(10_999.2 + togetherMs(1_000, 10_999.2)).toBeCloseTo(12_000, -1);
  expect(11_030 + togetherMs(1_000, 11_030)).toBe(12_000);
});

it("a wait of less than a second is as long as was asked", () => {
  expect(togetherMs(200, 10_120)).toBe(200);
});
