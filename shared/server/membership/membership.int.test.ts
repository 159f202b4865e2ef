import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createDatabase, type TestDatabase } from "../../../test/support/postgres.ts";
import { startRedis, type TestRedis } from "../../../test/support/redis.ts";
import { migrate } from "../../../worker/migrate.ts";
import { connectPostgres, type Sql } from "../postgres/pool.ts";
import { createLog } from "../process/logger.ts";
import { Refused } from "../process/refused.ts";
import { Unavailable } from "../process/unavailable.ts";
import { openClusterMarkStore } from "../redis/cluster-mark-store.ts";
import { connected, openCommands } from "../redis/connect.ts";
import { createRedisKeys } from "../redis/keys.ts";
import { createMembership, type Membership } from "./membership.ts";
import { createMembershipQueries, type Kind } from "./membership-queries.ts";
import { fingerprintsOf } from "./signing-keys.ts";

const log = createLog("test", "silent");
const KEY = { kid: "a", secret: "a".repeat(32) };
const OTHER_KEY = { kid: "b", secret: "b".repeat(32) };

let database: TestDatabase;
let sql: Sql;
let redis: TestRedis;
let closing: (() => unknown)[];

beforeEach(async () => {
  closing = [];
  [database, redis] = await Promise.all([createDatabase(), startRedis()]);
  sql = connectPostgres(database.url, { name: "test", max: 6 });
  await migrate(sql, log);
});
afterEach(async () => {
  for (const close of closing.toReversed()) await close();
  await sql.end({ timeout: 1 });
  await Promise.all([redis.stop(), database.drop()]);
});

type Process = { url?: string; kind?: Kind; key?: typeof KEY; prefix?: string; on?: Sql };

/** A process that has not joined yet. `refusals`: why it was told to end. */
async function processOf({
  url = redis.url,
  kind = "gateway",
  key = KEY,
  prefix = "suda",
  on = sql,
}: Process = {}) {
  const commands = openCommands(url, "test", log);
  await connected(commands);
  const refusals: string[] = [];
  const membership = createMembership({
    sql: on,
    marks: openClusterMarkStore(commands, createRedisKeys(prefix, 4)),
    self: { kind, name: kind, address: "", signingKeys: kind === "worker" ? [] : fingerprintsOf([key]) },
    keyPrefix: prefix,
    report: () => ({ ready: true, clients: 3 }),
    onRefused: ({ message }) => void refusals.push(message),
    log,
  });
  closing.push(
    () => commands.disconnect(),
    () => membership.leave(),
  );
  return { membership, commands, refusals };
}

/** As the start of a process does it: tries again until it is in or refused. @returns the refusal. */
async function decided({ join }: Membership): Promise<string> {
  for (;;) {
    try {
      await join();
      return "";
    } catch (error) {
      if (error instanceof Refused) return error.message;
      if (!(error instanceof Unavailable)) throw error;
      await delay(200);
    }
  }
}

async function otherRedis(): Promise<TestRedis> {
  const other = await startRedis();
  closing.unshift(other.stop);
  return other;
}

/** As if the processes had been killed some time ago. */
const expireAll = (): Promise<unknown> =>
  sql`update processes set renewed_at = now() - interval '11 seconds'`;

it("processes with one Redis and one set of keys join, and are shown with what they report", async () => {
  for (const kind of ["worker", "gateway"] as const)
    expect(await decided((await processOf({ kind })).membership)).toBe("");
  const members = await createMembershipQueries(sql).findMembers();
  expect(members).toMatchObject([
    { kind: "worker", ready: true, clients: 3 },
    { kind: "gateway", ready: true, clients: 3 },
  ]);
});

it("another Redis is refused in one line while a process lives, and not any more once it left", async () => {
  const first = await processOf();
  expect(await decided(first.membership)).toBe("");
  const { membership } = await processOf({ url: (await otherRedis()).url, kind: "worker" });
  const refusal = await decided(membership);
  expect(refusal).toMatch(
    /^This is not the Redis of this cluster: gateway on \S+ lives on another one\. Give .*$/,
  );
  await first.membership.leave();
  expect(await decided(membership)).toBe("");
});

it("other signing keys are refused while a process lives, and taken over when none does", async () => {
  const first = await processOf();
  expect(await decided(first.membership)).toBe("");
  const { membership } = await processOf({ key: OTHER_KEY });
  expect(await decided(membership)).toMatch(/^The signing keys are not those of this cluster: gateway on /);
  await first.membership.leave();
  expect(await decided(membership)).toBe("");
});

it("of two that start in the same moment with two Redises one is in and the other is refused", async () => {
  const both = await Promise.all([processOf(), processOf({ url: (await otherRedis()).url })]);
  const said = await Promise.all(both.map(({ membership }) => decided(membership)));
  expect(said.filter((line) => line === "")).toHaveLength(1);
  expect(said.filter((line) => line.startsWith("This is not the Redis"))).toHaveLength(1);
});

it("a killed process is in nobody's way for longer than its lease", async () => {
  const first = await processOf();
  await first.membership.join();
  const { membership } = await processOf({ url: (await otherRedis()).url });
  await expect(membership.join()).rejects.toThrow(Unavailable);
  await first.membership.leave();
  await sql`insert into processes (id, kind, name, machine, pid, redis, started_at, renewed_at)
    values (gen_random_uuid(), 'gateway', 'dead', 'm', 1, 'gone', now(), now() - interval '9 seconds')`;
  expect(await decided(membership)).toBe("");
});

it("a Redis that is emptied while processes live gets its mark back, and a new one joins", async () => {
  const first = await processOf();
  await first.membership.join();
  await first.commands.flushall();
  expect(await decided((await processOf()).membership)).toBe("");
  expect(first.refusals).toEqual([]);
});

it("a Redis that is empty, or was emptied, while nobody lives is taken over; the former one is refused afterwards", async () => {
  const first = await processOf();
  await first.membership.join();
  await first.membership.leave();
  const { membership } = await processOf({ url: (await otherRedis()).url });
  expect(await decided(membership)).toBe("");
  await membership.leave();
  expect(await decided(first.membership)).toMatch(
    /^This Redis was this cluster's until another took its place/,
  );
  await first.commands.flushall();
  expect(await decided(first.membership)).toBe("");
});

it("a database that was restored from before the Redis was its own goes on with it", async () => {
  const first = await processOf();
  await first.membership.join();
  await first.membership.leave();
  await sql`delete from cluster where key like 'redis:%'`;
  expect(await decided(first.membership)).toBe("");
});

it("the Redis of another cluster under the same key prefix is refused; under another prefix it is fine", async () => {
  const other = await createDatabase();
  const otherSql = connectPostgres(other.url, { name: "test", max: 2 });
  closing.push(() => otherSql.end({ timeout: 1 }).then(other.drop));
  await migrate(otherSql, log);
  await (await processOf()).membership.join();
  const sharing = await processOf({ on: otherSql });
  expect(await decided(sharing.membership)).toMatch(
    /^This Redis holds the logs of another cluster under .* suda:/,
  );
  await otherSql`delete from cluster where key = 'key_prefix'`;
  const beside = await processOf({ on: otherSql, prefix: "beside" });
  expect(await decided(beside.membership)).toBe("");
});

it("the key prefix is fixed for the life of the data", async () => {
  const first = await processOf();
  await first.membership.join();
  await first.membership.leave();
  const { membership } = await processOf({ prefix: "else" });
  expect(await decided(membership)).toMatch(
    /^SUDA_KEY_PREFIX is else, but the cluster of this database has suda/,
  );
});

it("a process that was thought dead ends when an older one comes back, never the older one", async () => {
  const first = await processOf();
  await first.membership.join();
  await expireAll();
  const younger = await processOf({ url: (await otherRedis()).url });
  await younger.membership.join();
  await expect.poll(() => younger.refusals.length, { timeout: 8_000 }).toBeGreaterThan(0);
  expect(first.refusals).toEqual([]);
});

it("a Redis that became another one under a process ends it", async () => {
  const first = await processOf();
  await first.membership.join();
  await first.commands.hset("suda:{c}:cluster", "redis", "someone else's");
  await expect
    .poll(() => first.refusals, { timeout: 8_000 })
    .toContain("Redis is another one than it was: its mark has changed");
});

it("a process that leaves during its renewal is gone afterwards, and that is no internal error", async () => {
  const { commands } = await processOf();
  const marks = openClusterMarkStore(commands, createRedisKeys("suda", 4));
  const errors: unknown[] = [];
  let puts = 0;
  const membership = createMembership({
    sql,
    marks: {
      ...marks,
      async put(mark) {
        if (puts++ > 0) await delay(500);
        return marks.put(mark);
      },
    },
    self: { kind: "gateway", name: "slow", address: "", signingKeys: [] },
    keyPrefix: "suda",
    report: () => ({ ready: true }),
    onRefused: (error) => void errors.push(error),
    log: { ...log, error: (data: object) => void errors.push(data) } as typeof log,
  });
  await membership.join();
  await expect.poll(() => puts, { timeout: 8_000 }).toBe(2);
  await membership.leave();
  expect(errors).toEqual([]);
  expect(await createMembershipQueries(sql).findMembers()).toEqual([]);
});
