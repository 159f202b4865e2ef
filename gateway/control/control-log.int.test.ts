import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { startRelay } from "../../load-tests/support/relay.ts";
import { createLog } from "../../shared/server/process/logger.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import { connected, openCommands, openSubscriber } from "../../shared/server/redis/connect.ts";
import { openControlLogStore } from "../../shared/server/redis/control-log-store.ts";
import { createRedisKeys } from "../../shared/server/redis/keys.ts";
import { HEARTBEAT_MS } from "../../shared/timeouts.ts";
import { startRedis, type TestRedis } from "../../test/support/redis.ts";
import { createBus } from "../subscriber.ts";
import { createControl } from "./control-log.ts";
import { createEndedSessions } from "./ended-sessions.ts";

const LOG = createLog("control", "silent");
let server: TestRedis;
let closes: (() => void)[] = [];
let faults: unknown[] = [];

beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());
afterEach(() => {
  for (const close of closes) close();
  closes = [];
  faults = [];
});

/** One gateway's control log. @param archive ended sessions in PostgreSQL. */
const gateway = async (archive: string[] = [], busUrl = server.url) => {
  const redis = openCommands(server.url, "control", LOG);
  const subscriber = openSubscriber(busUrl, "control", LOG);
  await Promise.all([connected(redis), connected(subscriber)]);
  const keys = createRedisKeys("test", 4);
  const seen: string[] = [];
  const reloads: string[] = [];
  const bus = createBus(subscriber);
  const control = createControl({
    onInternalError: (error) => `id-${faults.push(error)}`,
    bus,
    scripts: openControlLogStore(redis, keys),
    channel: keys.controlChannel,
    ended: createEndedSessions(async () => archive),
    reload: async () => void reloads.push("again"),
    accessTokenMs: 900_000,
    onEvent: {
      sessions_ended: ({ sessions }) => void seen.push(...sessions),
      user_changed: ({ user }) => void seen.push(user.nickname),
      restricted: ({ user, reason }) => void seen.push(`${user}:${reason}`),
      room_created: ({ room }) => void seen.push(room),
      room_changed: () => undefined,
      banned: ({ user, until, reason }) => void seen.push(`${user} until ${until}: ${reason}`),
      account_closed: () => undefined,
      private_room: () => undefined,
      own_rooms: () => undefined,
      raid: () => undefined,
    },
  });
  closes.push(() => {
    redis.disconnect();
    subscriber.disconnect();
  });
  await control.start();
  return { control, seen, reloads, redis, subscriber, bus, keys };
};

test("a session that ends on one gateway is over on all, in the order things happened", async () => {
  const [a, b] = [await gateway(), await gateway()];
  await a.control.endSessions(["s1"]);
  expect(a.control.isEnded("s1")).toBe(true);
  await b.control.restricted("u1", "spam", 5);
  await a.control.roomCreated("tea");
  await vi.waitFor(() => expect([a.seen, b.seen]).toEqual(Array(2).fill(["s1", "u1:spam", "tea"])));
  expect(b.control.isEnded("s1")).toBe(true);
});

test("a gateway that starts later knows the sessions that ended before", async () => {
  const a = await gateway();
  await a.control.endSessions(["s2"]);
  const late = await gateway();
  expect(late.control.isEnded("s2")).toBe(true);
});

test("events published while the bus was cut are read from the log", async () => {
  const [a, b] = [await gateway(), await gateway()];
  await b.redis.call("CLIENT", "KILL", "TYPE", "pubsub");
  await a.control.endSessions(["s3"]);
  await b.control.check();
  expect(b.control.isEnded("s3")).toBe(true);
});

test("a revocation reaches a gateway whose bus lies dead, within two seconds, a hundred of them at once", async () => {
  const relay = await startRelay(server.port);
  closes.push(() => void relay.close());
  const a = await gateway();
  const b = await gateway([], `redis://127.0.0.1:${relay.port}`);
  relay.blackHole();
  const sessions = Array.from({ length: 100 }, (_, index) => `cut-${index}`);
  const since = performance.now();
  await Promise.all(sessions.map((session) => a.control.endSessions([session])));
  const runTasks = setInterval(() => void b.control.check(), HEARTBEAT_MS);
  closes.push(() => clearInterval(runTasks));
  await vi.waitFor(() => expect(b.seen.filter((each) => each.startsWith("cut-"))).toHaveLength(100), 2_000);
  expect(performance.now() - since).toBeLessThan(2_000);
  expect(sessions.every(b.control.isEnded)).toBe(true);
});

test("an event that Redis did not take is published once it is back, and holds here at once", async () => {
  // PostgreSQL has the ended session before any gateway is notified.
  const archive: string[] = [];
  const [a, b] = [await gateway(archive), await gateway(archive)];
  await server.kill();
  archive.push("s7");
  await expect(a.control.endSessions(["s7"])).rejects.toThrow();
  // This event is not in PostgreSQL.
  await expect(a.control.roomCreated("coffee")).rejects.toThrow();
  expect(a.control.isEnded("s7")).toBe(true);
  await server.start();
  await vi.waitFor(() => a.control.check(), 10_000);
  await vi.waitFor(() => b.control.check(), 10_000);
  expect(b.control.isEnded("s7")).toBe(true);
  await vi.waitFor(() => expect(b.seen).toContain("coffee"));
});

test("a gateway that starts, or finds Redis emptied, asks PostgreSQL for bans and closed accounts too", async () => {
  const a = await gateway();
  const asked = a.reloads.length;
  expect(asked).toBeGreaterThan(0);
  await a.control.banned("u2", Number.POSITIVE_INFINITY, { reason: "rude" });
  await vi.waitFor(() => expect(a.seen).toContain("u2 until null: rude"));
  await a.redis.flushall();
  await a.control.check();
  expect(a.reloads.length).toBeGreaterThan(asked);
});

test("events that an emptied Redis lost are known from PostgreSQL", async () => {
  const a = await gateway(["s4"]);
  await a.control.endSessions(["s5"]);
  await a.redis.flushall();
  const late = await gateway(["s4", "s5"]);
  expect([late.control.isEnded("s4"), late.control.isEnded("s5")]).toEqual([true, true]);
  await a.control.check();
  await late.control.endSessions(["s6"]);
  await vi.waitFor(() => expect(a.control.isEnded("s6")).toBe(true));
});

test("nobody is let in before the log is known", async () => {
  const { bus, redis } = await gateway();
  const keys = createRedisKeys("test", 4);
  const blind = createControl({
    onInternalError: (error) => `id-${faults.push(error)}`,
    bus,
    scripts: openControlLogStore(redis, keys),
    channel: keys.controlChannel,
    ended: createEndedSessions(async () => []),
    reload: async () => undefined,
    accessTokenMs: 900_000,
    onEvent: {
      sessions_ended: () => undefined,
      restricted: () => undefined,
      user_changed: () => undefined,
      room_created: () => undefined,
      room_changed: () => undefined,
      banned: () => undefined,
      account_closed: () => undefined,
      private_room: () => undefined,
      own_rooms: () => undefined,
      raid: () => undefined,
    },
  });
  expect(() => blind.isEnded("s1")).toThrow(Unavailable);
});

test("an unreadable entry is passed over, and its possible effects are read from PostgreSQL", async () => {
  const archive: string[] = [];
  const a = await gateway(archive);
  const asked = a.reloads.length;
  archive.push("s7", "s8");
  await a.redis.xadd(a.keys.controlLog, "*", "e", "{no JSON");
  await a.control.endSessions(["s8"]);
  await vi.waitFor(() => expect(a.control.isEnded("s7") && a.control.isEnded("s8")).toBe(true));
  expect(a.reloads.length).toBe(asked + 1);
  expect(faults).toHaveLength(1);
});

test("while the log cannot be read at all nobody is let in on outdated memory", async () => {
  const a = await gateway();
  await a.redis.set(a.keys.controlLog, "of another type");
  await expect(a.control.check()).rejects.toThrow("WRONGTYPE");
  expect(() => a.control.isEnded("s9")).toThrow(Unavailable);
  await a.redis.del(a.keys.controlLog);
  await a.control.check();
  expect(a.control.isEnded("s9")).toBe(false);
});
