import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createLog } from "../../shared/server/process/logger.ts";
import { connected, openCommands } from "../../shared/server/redis/connect.ts";
import { createRedisKeys } from "../../shared/server/redis/keys.ts";
import { openPresenceStore } from "../../shared/server/redis/presence-store.ts";
import { startRedis, type TestRedis } from "../../test/support/redis.ts";
import { createPresence, type Presence } from "./presence.ts";

const LAPSE = { timeout: 3_000, interval: 100 };
let server: TestRedis;
let redis: Awaited<ReturnType<typeof connect>>;
let stops: (() => void)[] = [];

const connect = async () => {
  const commands = openCommands(server.url, "presence", createLog("presence", "silent"));
  await connected(commands);
  return commands;
};
/** A node instance. @param renewing whether it renews its leases by itself. */
const createInstance = (renewing = false, commands = redis): Presence => {
  const keys = createRedisKeys("test", 2);
  const presence = createPresence(openPresenceStore(commands, keys), keys);
  if (renewing) {
    const timer = setInterval(() => presence.renew().catch(() => undefined), 200);
    stops.push(() => clearInterval(timer));
  }
  return presence;
};
const people = async (presence: Presence, room = "lobby") => {
  await presence.renew();
  return presence.count(room);
};

beforeAll(async () => {
  server = await startRedis();
  redis = await connect();
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});
beforeEach(async () => {
  await redis.flushall();
});
afterEach(() => {
  for (const stop of stops) stop();
  stops = [];
});

test("a user with tabs on two gateways is one person, a guest is one each, sockets are all counted", async () => {
  const [a, b] = [createInstance(), createInstance()];
  a.enter("lobby", "u1");
  a.enter("lobby", "u1");
  a.enter("lobby", undefined);
  b.enter("lobby", "u1");
  b.enter("lobby", "u2");
  b.enter("lobby", undefined);
  await people(a);
  expect(await people(b)).toEqual({ people: 4, connections: 6 });
  expect(await people(a)).toEqual({ people: 4, connections: 6 });
});

test("a user is gone with the last tab, not with the first", async () => {
  const [a, b] = [createInstance(), createInstance()];
  a.enter("lobby", "u1");
  a.enter("lobby", "u1");
  b.enter("lobby", "u2");
  await people(a);
  a.leave("lobby", "u1");
  await people(a);
  expect(await people(b)).toEqual({ people: 2, connections: 2 });
  a.leave("lobby", "u1");
  await people(a);
  expect(await people(b)).toEqual({ people: 1, connections: 1 });
});

test("the people of a gateway that was killed are gone within 3 s", async () => {
  const [killed, living] = [createInstance(), createInstance(true)];
  killed.enter("lobby", "u1");
  killed.enter("lobby", undefined);
  living.enter("lobby", "u2");
  await people(killed);
  expect(await people(living)).toEqual({ people: 3, connections: 3 });
  await vi.waitFor(() => expect(living.count("lobby")).toEqual({ people: 1, connections: 1 }), LAPSE);
});

test("a gateway that was judged dead and was not registers again with all it has", async () => {
  const [frozen, living] = [createInstance(), createInstance(true)];
  frozen.enter("lobby", "u1");
  living.enter("lobby", "u2");
  await people(frozen);
  await vi.waitFor(() => expect(living.count("lobby")?.people).toBe(1), LAPSE);
  expect(await people(frozen)).toEqual({ people: 2, connections: 2 });
});

test("a stall of Redis drops nobody: an instance that is late drops no other", async () => {
  const [a, b] = [createInstance(), createInstance()];
  a.enter("lobby", "u1");
  b.enter("lobby", "u2");
  await people(a);
  await people(b);
  const counts = new Set<number>();
  server.pause();
  const pausedAt = performance.now();
  await Promise.allSettled([a.renew(), b.renew()]);
  // Past both leases: Redis' own clock, by which leases end, goes on.
  await vi.waitFor(() => expect(performance.now()).toBeGreaterThan(pausedAt + 2_200), LAPSE);
  server.resume();
  await vi.waitFor(() => redis.ping());
  for (const gateway of [a, b, a, b]) counts.add((await people(gateway))?.people ?? 0);
  expect([...counts]).toEqual([2]);
});

test("a renewal that waits twice when a stall ends drops nobody either", async () => {
  const lines = await Promise.all([connect(), connect()]);
  stops.push(...lines.map((line) => () => line.disconnect()));
  const gateways = lines.map((line) => createInstance(false, line));
  const renewAll = () => Promise.allSettled(gateways.map((gateway) => gateway.renew()));
  const counted = () => gateways.map((gateway) => gateway.count("lobby")?.people);
  for (const [index, gateway] of gateways.entries()) gateway.enter("lobby", `u${index}`);
  await renewAll();
  await renewAll();
  server.pause();
  const pausedAt = performance.now();
  const unanswered = await renewAll();
  expect(unanswered.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  // The same renewal numbers again, on the same connections: Redis reads both before any other command.
  const again = renewAll();
  await vi.waitFor(() => expect(performance.now()).toBeGreaterThan(pausedAt + 2_200), LAPSE);
  server.resume();
  const answered = await again;
  expect(answered.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled"]);
  expect(counted()).toEqual([2, 2]);
  await renewAll();
  expect(counted()).toEqual([2, 2]);
});

test("a gateway renews seldom where it has nobody, with a longer lease, and at once when somebody comes", async () => {
  const keys = createRedisKeys("test", 2);
  const shard = keys.shardOf("lobby");
  const lease = async (presence: Presence): Promise<{ end: number; renewal: string | null }> => ({
    end: Number(await redis.zscore(keys.presence(shard), presence.instanceId)) - Date.now(),
    renewal: await redis.hget(keys.renewals(shard), presence.instanceId),
  });
  const a = createInstance();
  for (let round = 0; round < 4; round++) await a.renew();
  const quiet = await lease(a);
  expect(quiet.renewal).toBe("1n");
  expect(quiet.end).toBeGreaterThan(2_400);
  a.enter("lobby", "u1");
  expect(await people(a)).toEqual({ people: 1, connections: 1 });
  const busy = await lease(a);
  expect(busy.renewal).toBe("2n");
  expect(busy.end).toBeLessThanOrEqual(1_900);
  await a.renew();
  expect((await lease(a)).renewal).toBe("3n");
});

test("an emptied Redis learns the people again", async () => {
  const a = createInstance();
  a.enter("lobby", "u1");
  await people(a);
  await redis.flushall();
  expect(await people(a)).toEqual({ people: 1, connections: 1 });
});

test("a Redis that lost the newest, and only that, learns it again", async () => {
  const a = createInstance();
  a.enter("lobby", "u1");
  await people(a);
  const keys = await redis.keys("*");
  const saved = await Promise.all(keys.map(async (key) => [key, await redis.dumpBuffer(key)] as const));
  a.enter("lobby", "u2");
  a.enter("lobby", undefined);
  expect(await people(a)).toEqual({ people: 3, connections: 3 });
  await redis.flushall();
  for (const [key, value] of saved) await redis.restore(key, 0, value);
  expect(await people(a)).toEqual({ people: 3, connections: 3 });
});

test("a gateway that leaves in order takes its people along at once", async () => {
  const [a, b] = [createInstance(), createInstance()];
  a.enter("lobby", "u1");
  b.enter("lobby", "u2");
  await people(a);
  await a.close();
  expect(await people(b)).toEqual({ people: 1, connections: 1 });
});

test("counts are never below zero, even if changes are sent twice", async () => {
  const a = createInstance();
  a.enter("lobby", "u1");
  await people(a);
  a.leave("lobby", "u1");
  await people(a);
  a.enter("lobby", "u1");
  a.leave("lobby", "u1");
  await people(a);
  const b = createInstance();
  b.enter("lobby", "u2");
  expect(await people(b)).toEqual({ people: 1, connections: 1 });
});

test("a gateway that registers thousands of people lets Redis answer others in between", async () => {
  const shards = 16;
  const store = openPresenceStore(redis, createRedisKeys("crowd", shards));
  const added = Array.from({ length: 2_000 }, (_, index) => `0192-0000-0000-${index}`);
  const crowd = { room: "lobby", guests: 0, connections: added.length, added, removed: [] };
  const renewAll = (renewal: number, rooms: (typeof crowd)[]) =>
    Promise.all(
      Array.from({ length: shards }, (_, shard) => store.renew(shard, "i1", 5_000, renewal, rooms)),
    );
  const calls = async (): Promise<number> =>
    [...(await redis.info("commandstats")).matchAll(/cmdstat_eval(?:sha)?:calls=(\d+)/g)].reduce(
      (sum, [, count]) => sum + Number(count),
      0,
    );
  await renewAll(1, []);
  const before = await calls();
  expect((await renewAll(2, [crowd])).map((counts) => counts?.[0]?.people)).toEqual(
    Array(shards).fill(added.length),
  );
  expect((await calls()) - before).toBeGreaterThanOrEqual(4);
  await renewAll(3, []);
  expect((await calls()) - before).toBeLessThanOrEqual(10);
});
