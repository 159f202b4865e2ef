/** A running process and stores that change under it: a line when something begins, one when it ends, and its count in the metrics. */
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { createDatabase, type TestDatabase } from "../../../test/support/postgres.ts";
import { startRedis, type TestRedis } from "../../../test/support/redis.ts";
import { createLanes } from "../postgres/lanes.ts";
import { connectPostgres } from "../postgres/pool.ts";
import { createLog } from "../process/logger.ts";
import { createRegistry } from "../process/metrics.ts";
import { type Commands, connected, openCommands, visitRedis } from "../redis/connect.ts";
import { lookAtStores, lookThrough } from "./look.ts";
import { createStoreWatch } from "./watch.ts";

type Line = {
  level: number;
  msg: string;
  store?: string;
  cause?: string;
  finding?: string;
  refusals?: number;
};
const WARN = 40;
const NEEDS = { migrates: true, gateways: 1 };

let server: TestRedis;
let database: TestDatabase;
let redis: Commands;
const lines: Line[] = [];
const registry = createRegistry();
const log = createLog("test", "info", { write: (line: string) => void lines.push(JSON.parse(line)) });
const watch = createStoreWatch(log, registry, 100);
const closes: (() => unknown)[] = [watch.close];
beforeAll(async () => {
  [server, database] = await Promise.all([startRedis(), createDatabase()]);
  redis = openCommands(server.url, "test", log, watch.met("Redis"));
  await connected(redis);
  const openLane = createLanes(database.url, "test", registry, watch.met("PostgreSQL"));
  const lane = openLane("test", { connections: 1, limitMs: 2_000 });
  const stores = { redisUrl: server.url, databaseUrl: database.url };
  const known = await lookAtStores({ ...stores, ...NEEDS });
  watch.start(() => lookThrough({ ...stores, redis, sql: lane.sql }, NEEDS), known);
  closes.push(() => redis.disconnect(), lane.close);
});
afterAll(async () => {
  for (const close of closes) await close();
  await Promise.all([server.stop(), database.drop()]);
});
beforeEach(() => {
  lines.length = 0;
});

const until = (condition: () => void) => vi.waitFor(condition, { timeout: 15_000, interval: 20 });
const set = (...setting: [string, string]) =>
  visitRedis(server.url, 2_000, (client) => client.config("SET", ...setting));
const said = (): string[] => lines.map(({ level, msg }) => `${level >= WARN ? "warn" : "info"}: ${msg}`);
const metric = async (line: string): Promise<void> => expect(await registry.metrics()).toContain(`${line}\n`);

it("the findings of the start are not logged again", async () => {
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(said()).toEqual([]);
});

it("a policy that is switched is a line, a metric with the promise, and a line when it is switched back", async () => {
  await set("maxmemory-policy", "allkeys-lru");
  await until(() => expect(said()).toEqual(["warn: not as it should be"]));
  expect(lines[0]?.finding).toMatch(/may evict messages .*CONFIG SET maxmemory-policy noeviction/);
  await metric('suda_store_finding{about="Redis eviction",promise="no loss is off"} 1');
  await set("maxmemory-policy", "noeviction");
  await until(() => expect(said()).toEqual(["warn: not as it should be", "info: as it should be again"]));
});

const BOTH = ["warn: a store is away or refuses", "info: the store answers again"];

it("a full Redis is one line when it begins, and one with the number of refusals when it ends", async () => {
  await set("maxmemory", "1mb");
  for (let index = 0; index < 200; index++)
    await redis.set(`key${index}`, "x".repeat(10_000)).catch(() => undefined);
  await until(() => expect(said()).toEqual(BOTH.slice(0, 1)));
  expect(watch.causeOf("Redis")).toMatch(/OOM|full/);
  await metric('suda_store_away{store="Redis"} 1');
  await set("maxmemory", "0");
  await until(() => expect(said()).toEqual(BOTH));
  expect(lines[1]).toMatchObject({ store: "Redis", cause: lines[0]?.cause });
  expect(lines[1]?.refusals).toBeGreaterThan(50);
  await metric('suda_store_away{store="Redis"} 0');
});

it("a killed Redis is one line at its begin and one at its end, with its cause", async () => {
  await server.kill();
  await until(() => expect(said()).toEqual(BOTH.slice(0, 1)));
  await expect(redis.get("key")).rejects.toThrow();
  await server.start();
  await until(() => expect(said()).toEqual(BOTH));
  expect(lines[1]?.refusals).toBeGreaterThan(0);
});

it("a PostgreSQL that was demoted is one line, and one when it takes writes again", async () => {
  const sql = connectPostgres(database.url, { name: "other", max: 1 });
  const name = new URL(database.url).pathname.slice(1);
  const reconnect = () =>
    sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name} and pid <> pg_backend_pid()`;
  await sql.unsafe(`alter database ${name} set default_transaction_read_only = on`);
  await reconnect();
  await until(() => expect(said().slice(0, 1)).toEqual(BOTH.slice(0, 1)));
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(said()).toEqual(BOTH.slice(0, 1));
  await sql.unsafe(`begin read write; alter database ${name} reset default_transaction_read_only; commit`);
  await reconnect();
  await until(() => expect(said()).toEqual(BOTH));
  expect(lines.every(({ store }) => store === "PostgreSQL")).toBe(true);
  await sql.end({ timeout: 1 });
});

it("a Redis that was demoted is one line with its primary, and one when it takes writes again", async () => {
  const demote = (...to: string[]) =>
    visitRedis(server.url, 2_000, (client) => client.call("REPLICAOF", ...to));
  await demote("127.0.0.1", "1");
  await until(() => expect(said()).toEqual(BOTH.slice(0, 1)));
  expect(lines[0]?.cause).toMatch(/is a read-only replica of 127\.0\.0\.1:1|READONLY/);
  await demote("NO", "ONE");
  await until(() => expect(said()).toEqual(BOTH));
  expect(lines.every(({ store }) => store === "Redis")).toBe(true);
});

it("a clock that jumps is one line and a count, and it is said of each store until they agree again", async () => {
  const now = Date.now;
  vi.spyOn(Date, "now").mockImplementation(() => now() + 5_000);
  const JUMP = "warn: the clock of this machine jumped, or the machine slept";
  const APART = "warn: not as it should be";
  await until(() => expect(said()).toEqual([JUMP, APART, APART]));
  expect(lines.slice(1).map(({ finding }) => finding)).toEqual([
    expect.stringMatching(/^the clock of Redis at \S+ is 5\.\d s behind/),
    expect.stringMatching(/^the clock of PostgreSQL at \S+ is 5\.\d s behind/),
  ]);
  await metric("suda_clock_jumps_total 1");
  await metric('suda_store_finding{about="Redis clock",promise=""} 1');
  vi.restoreAllMocks();
  const AGREED = "info: as it should be again";
  await until(() => expect(said()).toEqual([JUMP, APART, APART, JUMP, AGREED, AGREED]));
});
