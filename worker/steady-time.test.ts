import fc from "fast-check";
import { expect, test } from "vitest";
import { createSteadyTime } from "./steady-time.ts";

const HOLD = 20;

test("time goes on as the clock does, the hold behind", () => {
  let time = 0;
  const now = createSteadyTime(HOLD, { wall: () => 1_000 + time, steady: () => time });
  expect(now()).toBe(0);
  time = 19;
  expect(now()).toBe(0);
  time = 60;
  expect(now()).toBe(1_019);
});

test("a time that a clock showed for less than the hold is not believed, unless it is earlier", () => {
  const steps = fc.array(
    fc.record({
      passed: fc.nat({ max: 30 }),
      set: fc.oneof(fc.constant(0), fc.integer({ min: -5_000, max: 5_000 })),
    }),
    { minLength: 1, maxLength: 30 },
  );
  fc.assert(
    fc.property(steps, (plan) => {
      let steady = 0;
      let wall = 10_000;
      const now = createSteadyTime(HOLD, { wall: () => wall, steady: () => steady });
      const seen: { steady: number; wall: number }[] = [];
      for (const { passed, set } of plan) {
        steady += passed;
        wall += passed + set;
        seen.push({ steady, wall });
        const recent = seen.filter((each) => each.steady > steady - HOLD).map((each) => each.wall);
        expect(now()).toBeLessThanOrEqual(Math.max(0, Math.min(...recent)));
      }
    }),
  );
});
