import { afterAll, beforeAll, expect, it } from "vitest";
import { connectPostgres } from "../../shared/server/postgres/pool.ts";
import { createLog } from "../../shared/server/process/logger.ts";
import { openCommands } from "../../shared/server/redis/connect.ts";
import { createDatabase, type TestDatabase } from "./postgres.ts";
import { startRedis, type TestRedis } from "./redis.ts";

let redis: TestRedis;
let database: TestDatabase;

beforeAll(async () => {
  [redis, database] = await Promise.all([startRedis({ password: "secret" }), createDatabase()]);
});
afterAll(() => Promise.all([redis.stop(), database.drop()]));

const ask = async (command: string, ...args: string[]): Promise<unknown> => {
  const client = openCommands(redis.url, "test", createLog("test", "silent"));
  await client.connect();
  try {
    return await client.call(command, ...args);
  } finally {
    client.disconnect();
  }
};

it("Redis keeps what was written over a restart in order", async () => {
  await ask("set", "kept", "yes");
  await redis.restart();
  expect(await ask("get", "kept")).toBe("yes");
});

it("Redis keeps what was written when it is killed", async () => {
  await ask("set", "kept", "still");
  await redis.kill();
  await redis.start();
  expect(await ask("get", "kept")).toBe("still");
});

it("Redis never evicts and syncs its append-only file every second", async () => {
  expect(await ask("config", "get", "maxmemory-policy")).toContain("noeviction");
  expect(await ask("config", "get", "appendfsync")).toContain("everysec");
});

it("a test file's database is empty and sorts by code point, whatever the machine's locale", async () => {
  const sql = connectPostgres(database.url, { name: "test", max: 1 });
  const tables = await sql`select 1 from pg_tables where schemaname = 'public'`;
  const [row] = await sql`select 'Z' < 'a' as by_code_point`;
  await sql.end();
  expect(tables).toHaveLength(0);
  expect(row?.by_code_point).toBe(true);
});
