import { uuidv7 } from "uuidv7";
import { expect, test } from "vitest";
import { createRaidMode, type Raid } from "./raid-mode.ts";

const MINUTE_MS = 60_000;

test("an account writes once it is old enough, or the mode is over", () => {
  let now = Date.now();
  const user = uuidv7();
  const mode = createRaidMode(
    async () => undefined,
    () => now,
  );
  expect(mode.waitMs(user)).toBe(0);
  mode.set({ minutes: 10, until: now + 60 * MINUTE_MS });
  expect(Math.round(mode.waitMs(user) / MINUTE_MS)).toBe(10);
  now += 9 * MINUTE_MS;
  expect(Math.round(mode.waitMs(user) / MINUTE_MS)).toBe(1);
  now += 2 * MINUTE_MS;
  expect(mode.waitMs(user)).toBe(0);
  mode.set({ minutes: 1_440, until: now + 5 * MINUTE_MS });
  expect(Math.round(mode.waitMs(user) / MINUTE_MS)).toBe(5);
  now += 6 * MINUTE_MS;
  expect(mode.waitMs(user)).toBe(0);
});

test("an id that does not say when it was made counts as old", () => {
  const mode = createRaidMode(async () => undefined);
  mode.set({ minutes: 10_080, until: Date.now() + MINUTE_MS });
  expect(["", "7", crypto.randomUUID(), "x".repeat(36)].map(mode.waitMs)).toEqual([0, 0, 0, 0]);
});

test("news that arrive while the mode is loaded are newer, and a change knows what was before", async () => {
  let answer: (raid: Raid | undefined) => void = () => undefined;
  const mode = createRaidMode(
    () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  );
  const user = uuidv7();
  const loading = mode.load();
  mode.set({ minutes: 10, until: Date.now() + MINUTE_MS });
  answer(undefined);
  await loading;
  expect(mode.waitMs(user)).toBeGreaterThan(0);
  const before = mode.set(undefined);
  expect([before(user) > 0, mode.waitMs(user)]).toEqual([true, 0]);
});
