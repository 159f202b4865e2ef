import { expect, test } from "vitest";
import { createBans } from "./bans.ts";

test("a ban holds until its time and not after", () => {
  const clock = { now: 1_000 };
  const bans = createBans(
    async () => [],
    () => clock.now,
  );
  bans.add("u1", { reason: "x", until: 2_000 });
  expect([bans.of("u1"), bans.of("u2")]).toEqual([{ reason: "x", until: 2_000 }, null]);
  clock.now = 2_000;
  expect(bans.of("u1")).toBeNull();
});

test("one for good holds for good, until it is lifted", () => {
  const bans = createBans(async () => []);
  bans.add("u1", { reason: "x", until: null });
  expect(bans.of("u1")).toEqual({ reason: "x", until: null });
  bans.lift("u1");
  expect(bans.of("u1")).toBeNull();
});

test("what PostgreSQL says replaces what was known", async () => {
  const bans = createBans(async () => [{ user: "u2", reason: "y", until: null }]);
  bans.add("u1", { reason: "x", until: null });
  await bans.load();
  expect([bans.of("u1"), bans.of("u2")]).toEqual([null, { reason: "y", until: null }]);
});
