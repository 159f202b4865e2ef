import { expect, test } from "vitest";
import { createServerTime } from "./server-time.ts";

test("a clock that is minutes off is put right by what the server says", () => {
  const time = createServerTime(() => 1_000_000);
  time.observe(1_180_000);
  expect(Math.abs(time.now() - 1_180_000)).toBeLessThan(1_000);
});

test("a header that tells whole seconds does not make a good clock worse", () => {
  const time = createServerTime(() => 1_000_999);
  time.observe(1_000_000);
  expect(time.now()).toBe(1_000_999);
});
