/** Wrong stores and wrong settings of right ones, on real servers: each has its line, and any number of them at once all of theirs. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { freePort } from "../../../load-tests/support/free-port.ts";
import { createDatabase, type TestDatabase } from "../../../test/support/postgres.ts";
import { startRedis, type TestRedis } from "../../../test/support/redis.ts";
import { connectPostgres, type Sql } from "../postgres/pool.ts";
import { visitRedis } from "../redis/connect.ts";
import { lineOfFinding, refusals, strictly, warnings } from "./finding.ts";
import { lookAtStores } from "./look.ts";

const SECRET = "s3cret-that-nobody-prints";
const ROLE = `role_${process.pid}`;
const NEEDS = { migrates: true, gateways: 3 };

let redis: TestRedis;
let database: TestDatabase;
let sql: Sql;
/** The database as the role of this test. */
let databaseUrl: string;
let closed: number;
beforeAll(async () => {
  [redis, database, closed] = await Promise.all([
    startRedis({ password: SECRET }),
    createDatabase(),
    freePort(),
  ]);
  sql = connectPostgres(database.url, { name: "test", max: 1 });
  await sql.unsafe(
    `create role ${ROLE} login password '${SECRET}'; grant create on schema public to ${ROLE}`,
  );
  databaseUrl = urlWith(database.url, { username: ROLE, password: SECRET });
});
afterAll(async () => {
  await sql.unsafe(`drop owned by ${ROLE}; drop role ${ROLE}`);
  await sql.end({ timeout: 1 });
  await Promise.all([database.drop(), redis.stop()]);
});

function urlWith(
  url: string,
  parts: Partial<Record<"username" | "password" | "port" | "pathname" | "hostname", string>>,
): string {
  return Object.assign(new URL(url), parts).href;
}

const linesOf = async (stores: { redisUrl?: string; databaseUrl?: string }): Promise<string[]> => {
  const findings = await lookAtStores({ ...NEEDS, ...stores });
  return [...refusals(findings), ...warnings(findings)].map(lineOfFinding);
};

it.each<[string, () => { redisUrl?: string; databaseUrl?: string }, RegExp]>([
  [
    "a Redis that is not there",
    () => ({ redisUrl: urlWith(redis.url, { port: String(closed) }) }),
    /^Redis at 127\.0\.0\.1:\d+: connection refused: start it, or correct REDIS_URL$/,
  ],
  [
    "a wrong password of Redis",
    () => ({ redisUrl: urlWith(redis.url, { password: `${SECRET}x` }) }),
    /: WRONGPASS .*: correct the user and the password in REDIS_URL$/,
  ],
  [
    "no password for Redis",
    () => ({ redisUrl: urlWith(redis.url, { password: "" }) }),
    /: NOAUTH .*: correct the user and the password in REDIS_URL$/,
  ],
  [
    "a database number that Redis lacks",
    () => ({ redisUrl: urlWith(redis.url, { pathname: "/99" }) }),
    /: ERR DB index is out of range: choose a number that it has at the end of REDIS_URL$/,
  ],
  [
    "a host without a name",
    () => ({ redisUrl: urlWith(redis.url, { hostname: "nowhere.invalid" }) }),
    /^Redis at nowhere\.invalid:\d+: .*host.*: correct the host in REDIS_URL$/,
  ],
  [
    "PostgreSQL in place of Redis",
    () => ({ redisUrl: urlWith(redis.url, { port: new URL(database.url).port }) }),
    /^Redis at 127\.0\.0\.1:\d+: .*REDIS_URL$/,
  ],
  [
    "a PostgreSQL that is not there",
    () => ({ databaseUrl: urlWith(databaseUrl, { port: String(closed) }) }),
    /^PostgreSQL at 127\.0\.0\.1:\d+: connection refused: start it, or correct DATABASE_URL$/,
  ],
  [
    "a wrong password of PostgreSQL",
    () => ({ databaseUrl: urlWith(databaseUrl, { password: `${SECRET}x` }) }),
    /: password authentication failed for user "role_\d+": correct the user and the password in DATABASE_URL$/,
  ],
  [
    "a role that PostgreSQL lacks",
    () => ({ databaseUrl: urlWith(databaseUrl, { username: "nobody" }) }),
    /: password authentication failed for user "nobody": correct the user/,
  ],
  [
    "a database that PostgreSQL lacks",
    () => ({ databaseUrl: urlWith(databaseUrl, { pathname: "/nothing" }) }),
    /: database "nothing" does not exist: make it with createdb, or correct the name at the end of DATABASE_URL$/,
  ],
  [
    "Redis in place of PostgreSQL",
    () => ({ databaseUrl: urlWith(databaseUrl, { port: String(redis.port) }) }),
    /^PostgreSQL at 127\.0\.0\.1:\d+: .*DATABASE_URL$/,
  ],
])("%s is one line within 5 s, without the password", async (_, stores, line) => {
  const since = performance.now();
  const [said = "", ...more] = await linesOf(stores());
  expect(performance.now() - since).toBeLessThan(5_000);
  expect(more).toEqual([]);
  expect(said).toMatch(line);
  expect(said.length).toBeLessThanOrEqual(300);
  expect(said).not.toContain(SECRET);
});

type Wrong = { set: string; back: string; line: RegExp };
/** Settings of Redis as CONFIG SET takes them, and those of PostgreSQL as statements. */
const REDIS_WRONG: Wrong[] = [
  {
    set: "maxmemory-policy allkeys-lru",
    back: "maxmemory-policy noeviction",
    line: /may evict .*\(allkeys-lru\) \(no loss is off\): redis-cli CONFIG SET maxmemory-policy noeviction/,
  },
  {
    set: "appendonly no",
    back: "appendonly yes",
    line: /keeps no append-only file.*\(no loss is off\): redis-cli CONFIG SET appendonly yes/,
  },
  {
    set: "maxclients 9",
    back: "maxclients 10000",
    line: /allows 9 clients, 3 gateways and a worker need \d+: raise maxclients/,
  },
  { set: "maxmemory 900kb", back: "maxmemory 0", line: /is full and refuses messages/ },
  {
    set: "replicaof 127.0.0.1 1",
    back: "replicaof no one",
    line: /is a read-only replica of 127\.0\.0\.1:1: point REDIS_URL to 127\.0\.0\.1:1$/,
  },
];
const POSTGRES_WRONG: Wrong[] = [
  {
    set: `revoke create on schema public from ${ROLE}`,
    back: `grant create on schema public to ${ROLE}`,
    line: /the role role_\d+ lacks CREATE in the schema public: grant usage, create on schema public to role_\d+$/,
  },
  {
    set: `alter role ${ROLE} connection limit 6`,
    back: `alter role ${ROLE} connection limit -1`,
    line: /allows 6 connections, 3 gateways and a worker need 36: raise max_connections, or start it elsewhere$/,
  },
  {
    set: `alter role ${ROLE} set default_transaction_read_only = on`,
    back: `alter role ${ROLE} reset default_transaction_read_only`,
    line: /opens read-only transactions/,
  },
];

const configure = async (setting: string): Promise<void> => {
  const [name = "", ...values] = setting.split(" ");
  await visitRedis(redis.url, 2_000, (client) =>
    name === "replicaof" ? client.call(name, ...values) : client.config("SET", name, values.join(" ")),
  );
};

it("any wrong settings at once have all of their lines, and without them there is none", async () => {
  const usual = await linesOf({ redisUrl: redis.url, databaseUrl });
  // The server of the tests syncs nothing.
  expect(usual).toEqual([expect.stringMatching(/a crash of its machine loses messages/)]);
  await fc.assert(
    fc.asyncProperty(fc.subarray(REDIS_WRONG), fc.subarray(POSTGRES_WRONG), async (ofRedis, ofPostgres) => {
      for (const { set } of ofRedis) await configure(set);
      for (const { set } of ofPostgres) await sql.unsafe(set);
      const lines = await linesOf({ redisUrl: redis.url, databaseUrl });
      for (const { back } of ofRedis.toReversed()) await configure(back);
      for (const { back } of ofPostgres) await sql.unsafe(back);
      for (const { line } of [...ofRedis, ...ofPostgres])
        expect(lines.filter((each) => line.test(each))).toHaveLength(1);
      expect(lines).toHaveLength(ofRedis.length + ofPostgres.length + usual.length);
      expect(lines.filter((each) => each.length > 300 || each.includes(SECRET))).toEqual([]);
    }),
    { numRuns: 15, examples: [[REDIS_WRONG, POSTGRES_WRONG]] },
  );
}, 60_000);

it("an encoding that lacks letters refuses, and so does a schema that is not there", async () => {
  const name = `latin_${process.pid}`;
  await sql.unsafe(
    `create database ${name} template template0 encoding 'LATIN1' locale_provider libc locale 'C'`,
  );
  try {
    expect(await linesOf({ databaseUrl: urlWith(database.url, { pathname: `/${name}` }) })).toContainEqual(
      expect.stringMatching(/stores LATIN1, which lacks .*: make a database with: createdb/),
    );
  } finally {
    await sql.unsafe(`drop database ${name} with (force)`);
  }
});

it("strictly, a promise that is off refuses", async () => {
  await configure("appendonly no");
  const findings = await lookAtStores({ ...NEEDS, redisUrl: redis.url });
  await configure("appendonly yes");
  expect(refusals(findings)).toEqual([]);
  expect(refusals(strictly(findings)).map(({ about }) => about)).toEqual(["Redis append-only file"]);
});
