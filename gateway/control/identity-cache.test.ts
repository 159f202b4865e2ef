import { expect, test } from "vitest";
import type { VerifiedToken } from "../../shared/server/identity/access-tokens.ts";
import { createIdentities } from "./identity-cache.ts";

const KEEP_MS = 1_000;
let now = 10_000;
const asked: string[] = [];
const stored = { user: { id: "u1", nickname: "stored", role: "user" as const }, restricted: undefined };
const find = async (id: string) => {
  asked.push(id);
  return stored;
};
const identities = () => createIdentities(find, KEEP_MS, () => now);
const token = (issuedAt: number): VerifiedToken => ({
  userId: "u1",
  sessionId: "s1",
  issuedAt,
  expiresAt: issuedAt + KEEP_MS,
  as: { nickname: "then", role: "user" },
});

test("a young token says who its owner is, and nobody is asked", () => {
  expect(identities().of(token(now))).toEqual({
    user: { id: "u1", nickname: "then", role: "user" },
    restricted: undefined,
  });
  expect(asked).toEqual([]);
});

test("a change after the token was made counts, for as long as such tokens live", () => {
  const known = identities();
  const renamed = { id: "u1", nickname: "now", role: "moderator" as const };
  known.change(renamed);
  known.restrict("u1", "spam", now + 500);
  expect(known.of(token(now - 10))).toEqual({
    user: renamed,
    restricted: { reason: "spam", until: now + 500 },
  });
  known.restrict("u1", "spam", undefined);
  expect(known.of(token(now - 10))).toEqual({ user: renamed, restricted: undefined });
});

test("a restriction that has run out is none", () => {
  const known = identities();
  known.restrict("u1", "spam", now + 500);
  now += 600;
  expect(known.of(token(now))).toMatchObject({ restricted: undefined });
});

test("the owner of a token older than the control log is looked up", async () => {
  expect(await identities().of(token(now - KEEP_MS - 1))).toBe(stored);
  expect(asked).toEqual(["u1"]);
});

test("restrictions that began before the control log does are those that PostgreSQL tells, and no others", async () => {
  const known = identities();
  known.restrict("u1", "lifted meanwhile", now + 500);
  await known.reload({
    listRestrictions: async () => [{ user: "u2", reason: "loud", until: now + 9_000, version: 2 }],
    listChanged: async () => [{ id: "u3", nickname: "now", role: "user", version: 2 }],
  });
  expect(known.of(token(now))).toMatchObject({ restricted: undefined });
  expect(known.of({ ...token(now), userId: "u2" })).toMatchObject({
    restricted: { reason: "loud", until: now + 9_000 },
  });
  expect(known.of({ ...token(now), userId: "u3" })).toMatchObject({ user: { nickname: "now" } });
});

test("of two names the one of the newer row counts, in either order", () => {
  const known = identities();
  const user = { id: "u1", role: "user" as const };
  expect(known.change({ ...user, nickname: "third" }, 3)).toBe(true);
  expect(known.change({ ...user, nickname: "second" }, 2)).toBe(false);
  expect(known.of(token(now))).toMatchObject({ user: { nickname: "third" } });
});

test("a mute that is told while PostgreSQL is asked for all of them stands", async () => {
  const known = identities();
  await known.reload({
    listRestrictions: async () => {
      known.restrict("u1", "loud", now + 500, 5);
      return [];
    },
    listChanged: async () => [],
  });
  expect(known.of(token(now))).toMatchObject({ restricted: { reason: "loud" } });
});
