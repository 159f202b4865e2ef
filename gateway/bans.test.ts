import { expect, test } from "vitest";
import { createBans } from "./bans.ts";

test("a ban holds until its time and not after", () => {
  const clock = { now: 1_000 };
  const bans = createBans(
    async () => [],
    () => clock.now,
  );
  bans.add("u1", 2_000);
  expect([bans.isBanned("u1"), bans.isBanned("u2")]).toEqual([true, false]);
  clock.now = 2_000;
  expect(bans.isBanned("u1")).toBe(false);
});

test("one for good holds for good, until it is lifted", () => {
  const bans = createBans(async () => []);
  bans.add("u1", Number.POSITIVE_INFINITY);
  expect(bans.isBanned("u1")).toBe(true);
  bans.lift("u1");
  expect(bans.isBanned("u1")).toBe(false);
});

test("what PostgreSQL says replaces what was known", async () => {
  const bans = createBans(async () => [{ user: "u2", until: Number.POSITIVE_INFINITY }]);
  bans.add("u1", Number.POSITIVE_INFINITY);
  await bans.load();
  expect([bans.isBanned("u1"), bans.isBanned("u2")]).toEqual([false, true]);
});
