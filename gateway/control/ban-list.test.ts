import { expect, test } from "vitest";
import { createBans } from "./ban-list.ts";

const KEEP_MS = 60_000;
const BAN = { reason: "x", until: null };

test("a ban holds until its time and not after", () => {
  const clock = { now: 1_000 };
  const bans = createBans(
    async () => [],
    KEEP_MS,
    () => clock.now,
  );
  bans.add("u1", { reason: "x", until: 2_000 });
  expect([bans.of("u1"), bans.of("u2")]).toEqual([{ reason: "x", until: 2_000 }, undefined]);
  clock.now = 2_000;
  expect(bans.of("u1")).toBeUndefined();
});

test("one for good holds for good, until it is lifted", () => {
  const bans = createBans(async () => [], KEEP_MS);
  bans.add("u1", { reason: "x", until: null });
  expect(bans.of("u1")).toEqual({ reason: "x", until: null });
  bans.lift("u1");
  expect(bans.of("u1")).toBeUndefined();
});

test("a read of PostgreSQL replaces the bans in memory", async () => {
  const bans = createBans(async () => [{ user: "u2", reason: "y", until: null, version: 1 }], KEEP_MS);
  bans.add("u1", { reason: "x", until: null });
  await bans.load();
  expect([bans.of("u1"), bans.of("u2")]).toEqual([undefined, { reason: "y", until: null }]);
});

test("news that come late are known as such, whichever of them it is", () => {
  const bans = createBans(async () => [], KEEP_MS);
  bans.lift("u1", 3);
  expect(bans.add("u1", BAN, 2)).toBe(false);
  expect(bans.of("u1")).toBeUndefined();
  expect(bans.add("u1", BAN, 4)).toBe(true);
  expect(bans.of("u1")).toEqual(BAN);
});

test("a ban of the moment in which PostgreSQL is asked stands, though the answer lacks it", async () => {
  const bans = createBans(async () => {
    bans.add("u1", BAN, 2);
    return [];
  }, KEEP_MS);
  await bans.load();
  expect(bans.of("u1")).toEqual(BAN);
});
