import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createLog } from "../../shared/server/process/logger.ts";
import { connected, openCommands } from "../../shared/server/redis/connect.ts";
import { createRedisKeys } from "../../shared/server/redis/keys.ts";
import { openRoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import { openUserStore } from "../../shared/server/redis/user-store.ts";
import type { MessageEvent, Role } from "../../shared/server-frames.ts";
import { startRedis, type TestRedis } from "../../test/support/redis.ts";
import { createUsers } from "../accounts/user-cache.ts";
import type { Refusal } from "../errors.ts";
import { createRecovery } from "../recovery/recover-room.ts";
import type { HeldArchive, HeldRoom } from "../recovery/recovery-queries.ts";
import { createRoomLog } from "../room-log/room-log.ts";
import { createAdmission } from "./admission.ts";
import { createMessages } from "./send.ts";

const LOG = createLog("messages", "silent");
let server: TestRedis;
let redis: ReturnType<typeof openCommands>;
let restricted: [string, string][] = [];
let n = 0;

beforeAll(async () => {
  server = await startRedis();
  redis = openCommands(server.url, "messages", LOG);
  await connected(redis);
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});
beforeEach(async () => {
  await redis.flushall();
  restricted = [];
});

/** One gateway's sender; several share the Redis as in a cluster. */
const gateway = (
  rules: { on?: boolean; burst?: number; known?: boolean; slowModeMs?: number; role?: Role } = {},
) => {
  const keys = createRedisKeys("test", 4);
  const scripts = openRoomLogStore(redis, keys, { events: 500, ms: 120_000, bytes: 8 << 20 });
  const { on = true, burst = 100, known = true, slowModeMs = 0, role = "user" } = rules;
  const userScripts = openUserStore(redis, keys, {
    on,
    perSecond: 1,
    burst,
    mutesMs: [30_000, 300_000, 3_600_000],
  });
  const state = known ? { nickname: "수다", role, restricted: undefined, version: 1 } : undefined;
  const users = createUsers(userScripts, { findState: async () => state });
  const admit = createAdmission({
    ...{
      store: userScripts,
      users,
      laughterCounts: false,
      tooNewMs: () => 0,
      slowModeOf: async () => slowModeMs,
    },
  });
  const nothing = {
    clientIdsSince: async () => [],
    archived: async () => [],
    confirm: async () => undefined,
  };
  const archive = {
    beginEpoch: async (_: string, known: number) => (known > 0 ? known + 2_000_000 : 0),
    holdingRoom: <T>(_: string, work: (held: HeldRoom | undefined, archive: HeldArchive) => Promise<T>) =>
      work({ lastSeq: 0, bornSeq: 0, archived: false }, nothing),
  };
  const recover = createRecovery({
    ...{ scripts, queries: archive, keys, logEvents: 500, log: LOG },
    memoryOf: () => undefined,
    onRecovered: () => undefined,
  });
  return createMessages({
    ...{ admit, scripts, log: createRoomLog(scripts, recover) },
    messageChars: 30,
    extrasOf: () => undefined,
    onRestricted: async ({ user, reason }) => void restricted.push([user, reason]),
    onSent: () => undefined,
  });
};
type Gateway = ReturnType<typeof gateway>;
const say = (from: Gateway, text: string, clientId = `c${++n}`) =>
  from.send({ userId: "u1", room: "lobby", clientId, text }).then(
    ({ seq, warned }) => (warned ? "warned" : seq),
    (error: { code?: string; message: string }) => error.code ?? error.message,
  );

test("the third message alike warns, the fourth is refused and mutes, also across gateways", async () => {
  const [a, b] = [gateway(), gateway()];
  expect(await say(a, "Buy now")).toBe(1);
  expect(await say(b, "buy  NOW")).toBe(2);
  expect(await say(a, "ｂｕｙ now")).toBe("warned");
  expect(await say(b, "buy\u200b now")).toBe("spam");
  expect(await say(a, "something else")).toBe("muted");
  expect(restricted).toEqual([["u1", "spam"]]);
});

test("the mute grows with each strike", async () => {
  const a = gateway();
  const keys = createRedisKeys("test", 4);
  const waits: unknown[] = [];
  for (let strike = 0; strike < 4; strike++) {
    for (let i = 0; i < 3; i++) await say(a, `again ${strike}`);
    const refused = await a
      .send({ userId: "u1", room: "lobby", clientId: `strike-${strike}`, text: `again ${strike}` })
      .catch(({ code, details }: Refusal) => [code, details.retryAfterMs]);
    waits.push(refused);
    // The mute ends, the strike is still remembered.
    await redis.hset(keys.user("u1"), "until", 0);
  }
  expect(waits).toEqual([
    ["spam", 30_000],
    ["spam", 300_000],
    ["spam", 3_600_000],
    ["spam", 3_600_000],
  ]);
});

test("four alike of the last five are spam, with another one in between too", async () => {
  const a = gateway();
  for (const text of ["hi", "hi", "other", "hi"]) await say(a, text);
  expect(await say(a, "hi")).toBe("spam");
});

test("three alike of the last five are not, however long it goes on", async () => {
  const a = gateway();
  const verdicts: unknown[] = [];
  for (let round = 0; round < 5; round++) {
    for (const text of ["hi", `x${round}`, "hi", `y${round}`, "hi", `z${round}`, `v${round}`])
      verdicts.push(await say(a, text));
  }
  expect(verdicts.includes("spam")).toBe(false);
});

test("laughter and sobs may be repeated", async () => {
  const a = gateway();
  for (let i = 0; i < 6; i++) expect(await say(a, "ㅋㅋㅋ")).toBe(i + 1);
});

test("one message sent five times because its acks were lost is one message and no spam", async () => {
  const [a, b] = [gateway({ burst: 1 }), gateway({ burst: 1 })];
  const seqs = [];
  for (const from of [a, b, a, b, a]) seqs.push(await say(from, "hello", "same"));
  expect(seqs).toEqual([1, 1, 1, 1, 1]);
});

test("an accepted message is acknowledged with its seq though the sender is muted by now", async () => {
  const a = gateway();
  expect(await say(a, "hello", "first")).toBe(1);
  for (let i = 0; i < 4; i++) await say(a, "spam");
  expect(await say(a, "hello", "first")).toBe(1);
  expect(await say(a, "hello", "another")).toBe("muted");
});

test("more than the burst is too fast, and says for how long", async () => {
  const a = gateway({ burst: 2 });
  await say(a, "1");
  await say(a, "2");
  const refused = a.send({ userId: "u1", room: "lobby", clientId: "c", text: "3" });
  await expect(refused).rejects.toMatchObject({
    code: "too_fast",
    details: { retryAfterMs: expect.any(Number) },
  });
});

test("with the rules lifted neither speed nor repetition is refused", async () => {
  const a = gateway({ on: false, burst: 1 });
  for (let i = 1; i <= 20; i++) expect(await say(a, "same")).toBe(i);
});

test("text that is empty, too long or unprintable is refused and leaves no trace", async () => {
  const a = gateway();
  expect(await say(a, " \u200b ")).toBe("empty");
  expect(await say(a, "x".repeat(31))).toBe("too_long");
  expect(await say(a, "a\u0000b")).toBe("invalid");
  expect(await redis.keys("*")).toEqual([]);
});

test("a user who is no more cannot send with a token that still lives", async () => {
  expect(await say(gateway({ known: false }), "hello")).toBe("unauthenticated");
});

test("a Redis that is full is an outage and not a lost message: nothing happened, and it may be sent again", async () => {
  const a = gateway();
  await say(a, "before");
  await redis.config("SET", "maxmemory", "1");
  expect(await say(a, "full", "c-full")).toMatch(/^OOM/);
  await redis.config("SET", "maxmemory", "0");
  expect(await say(a, "full", "c-full")).toBe(2);
});

test("in a room in slow mode each user waits between two messages, moderators do not, another room is not slowed", async () => {
  const [a, b] = [gateway({ slowModeMs: 60_000 }), gateway({ slowModeMs: 60_000 })];
  expect(await say(a, "first", "c-first")).toBe(1);
  const refused = b.send({ userId: "u1", room: "lobby", clientId: "c", text: "second" });
  await expect(refused).rejects.toMatchObject({ code: "slow_mode" });
  const { details } = (await refused.catch((error: unknown) => error)) as Refusal;
  expect(details.retryAfterMs).toBeGreaterThan(50_000);
  expect(details.retryAfterMs).toBeLessThanOrEqual(60_000);
  expect(await say(b, "first", "c-first")).toBe(1);
  const elsewhere = a.send({ userId: "u1", room: "tea", clientId: "t", text: "hi" });
  await expect(elsewhere).resolves.toMatchObject({ seq: 1 });
  await redis.hset(createRedisKeys("test", 4).user("u1"), "role", "moderator");
  expect(await say(a, "second")).toBe(2);
});

test("slow mode that was lifted holds nobody back", async () => {
  expect(await say(gateway({ slowModeMs: 60_000 }), "first")).toBe(1);
  expect(await say(gateway(), "second")).toBe(2);
});

test("the client id of another user is no key to that user's message", async () => {
  const a = gateway();
  expect(await say(a, "mine", "shared-id")).toBe(1);
  const foreign = await a.send({ userId: "u2", room: "lobby", clientId: "shared-id", text: "theirs" });
  expect(foreign.seq).toBe(2);
  expect(await say(a, "mine", "shared-id")).toBe(1);
});

test("a clock of Redis that was set back refuses nobody for the time it lost", async () => {
  const a = gateway({ burst: 2 });
  await say(a, "1");
  await say(a, "2");
  const inAnHour = Date.now() + 3_600_000;
  await redis.hset(createRedisKeys("test", 4).user("u1"), "spentAt", inAnHour);
  expect(await say(a, "3")).toBe(3);
});

test.each(["user", "moderator", "admin"] as const)(
  "a message tells what its author is, which nobody can write themselves: %s",
  async (role) => {
    await say(gateway({ role }), '","role":"admin');
    const [entry] = await redis.xrange(createRedisKeys("test", 4).log("lobby"), "-", "+");
    const event = JSON.parse(entry?.[1][1] ?? "") as MessageEvent;
    expect([event.role, event.text]).toEqual([role === "user" ? undefined : role, '","role":"admin']);
  },
);
