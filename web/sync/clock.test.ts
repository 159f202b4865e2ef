import { expect, test } from "vitest";
import { monotonic } from "./clock.ts";

test("a clock that is set back goes on from where it was, and a sleep still counts", () => {
  let wall = 10_000_000;
  let steady = 500;
  const now = monotonic(
    () => wall,
    () => steady,
  );
  const pass = (ms: number): number => {
    wall += ms;
    steady += ms;
    return now();
  };
  expect(pass(2_000)).toBe(10_002_000);
  wall -= 3_600_000;
  expect(pass(2_000)).toBe(10_004_000);
  expect(pass(12_000)).toBe(10_016_000);
  // A sleep advances only the wall clock.
  wall += 60_000;
  expect(now()).toBe(10_076_000);
});
