import { expect, it } from "vitest";
import { createPollPace } from "./poll-pace.ts";

const waits = (dueMs: number, looks: boolean[]): number[] => {
  const pace = createPollPace(dueMs);
  return looks.map((found) => {
    pace.looked(found);
    return pace.waitMs();
  });
};

it("the worker looks less often, step by step, while nothing is pending, and at its usual pace once something is", () => {
  const silence = Array(6).fill(false);
  expect(waits(10_000, [true, ...silence, true])).toEqual([200, 400, 600, 800, 1_000, 1_000, 1_000, 200]);
});

it("it never waits so long that an event that is due early would be late", () => {
  expect(waits(3_000, [false, false, false])).toEqual([300, 300, 300]);
  expect(waits(500, [false, false])).toEqual([200, 200]);
});
