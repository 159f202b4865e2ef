import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createClusterSettingsQueries } from "../shared/server/postgres/cluster-settings-queries.ts";
import { connectPostgres, type Sql } from "../shared/server/postgres/pool.ts";
import { createLog } from "../shared/server/process/logger.ts";
import { createDatabase, type TestDatabase } from "../test/support/postgres.ts";
import { migrate } from "./migrate.ts";

const log = createLog("test", "silent");
let database: TestDatabase;
let sql: Sql;
let path: string;
let folder: URL;

beforeEach(async () => {
  database = await createDatabase();
  sql = connectPostgres(database.url, { name: "test", max: 2 });
  path = mkdtempSync(join(tmpdir(), "suda-migrations-"));
  folder = pathToFileURL(`${path}/`);
});
afterEach(async () => {
  await sql.end({ timeout: 1 });
  await database.drop();
  rmSync(path, { recursive: true });
});

const file = (name: string, statements: string): void => writeFileSync(join(path, name), statements);

it("processes that start at once apply each migration once", async () => {
  file("0001_counter.sql", "create table counter (n integer); insert into counter values (0);");
  file("0002_count.sql", "update counter set n = n + 1;");
  const others = Array.from({ length: 4 }, () => connectPostgres(database.url, { name: "test", max: 1 }));
  await Promise.all(others.map((other) => migrate(other, log, folder)));
  await Promise.all(others.map((other) => other.end({ timeout: 1 })));
  expect(await sql`select n from counter`).toEqual([{ n: 1 }]);
});

it("the release's own migrations apply to an empty database, and again without effect", async () => {
  await migrate(sql, log);
  await migrate(sql, log);
  expect(await sql`select name from rooms`).toEqual([{ name: "lobby" }]);
});

it("a database that people used before gets a name, and a day in which their cookies have both names", async () => {
  const own = new URL("./migrations/", import.meta.url);
  const files = readdirSync(own).sort();
  const upTo = files.findIndex((name) => name.endsWith("_sessions.sql"));
  for (const name of files.slice(0, upTo)) file(name, readFileSync(new URL(name, own), "utf8"));
  await migrate(sql, log, folder);
  await sql`insert into users (id, nickname) values (gen_random_uuid(), 'ana')`;
  await migrate(sql, log);
  const { id, formerCookieUntil } = await createClusterSettingsQueries(sql).readClusterName();
  expect(id).toMatch(/^[0-9a-f]{12}$/);
  expect(formerCookieUntil - Date.now()).toBeGreaterThan(23 * 3_600_000);
});

it("a migration that fails leaves nothing behind", async () => {
  file("0001_half.sql", "create table half (n integer); select nonsense;");
  await expect(migrate(sql, log, folder)).rejects.toThrow(/nonsense/);
  expect(await sql`select 1 from pg_tables where tablename = 'half'`).toHaveLength(0);
});

it("a database that is newer than the release is refused", async () => {
  file("0001_one.sql", "select 1;");
  file("0002_two.sql", "select 2;");
  await migrate(sql, log, folder);
  rmSync(join(path, "0002_two.sql"));
  await expect(migrate(sql, log, folder)).rejects.toThrow(/newer than this release.*0002_two/);
});

it("a file that changed after it was applied is refused", async () => {
  file("0001_one.sql", "select 1;");
  await migrate(sql, log, folder);
  file("0001_one.sql", "select 2;");
  await expect(migrate(sql, log, folder)).rejects.toThrow(/0001_one.sql changed after it was applied/);
});

it("files that are out of order are refused before anything is applied", async () => {
  file("0002_two.sql", "create table two (n integer);");
  await expect(migrate(sql, log, folder)).rejects.toThrow(/0002_two.sql should be called/);
});

it("a process with another number of shards than the data has refuses to start", async () => {
  await migrate(sql, log);
  const { checkShards } = createClusterSettingsQueries(sql);
  await Promise.all([checkShards(16), checkShards(16)]);
  await expect(checkShards(8)).rejects.toThrow(/SUDA_SHARDS is 8.*started with 16/);
});
