import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connectPostgres, type Sql } from "../shared/server/postgres/pool.ts";
import { createLog } from "../shared/server/process/logger.ts";
import { watchStatements } from "../test/support/explain.ts";
import { createDatabase } from "../test/support/postgres.ts";
import { archiveRest } from "./archive.ts";
import { createDayMapping } from "./day-map.ts";
import { migrate } from "./migrate.ts";
import { createRetention } from "./retention.ts";
import { openTestEnvironment, type TestEnvironment } from "./testing/test-environment.ts";

const LOG = createLog("test", "silent");
const DAY_MS = 86_400_000;
let environment: TestEnvironment;
beforeAll(async () => {
  environment = await openTestEnvironment();
});
afterAll(() => environment.close());

const mapOf = async (sql: Sql, room: string) =>
  (
    await sql<{ day: string; first: string; last: string }[]>`
      select day::text, first_seq::text as first, map.last_seq::text as last
      from room_days map join rooms on id = room_id where name = ${room} order by day`
  ).map(({ day, first, last }) => `${day} ${first}-${last}`);

const room = (name: string): Promise<string> => environment.startRoom(name);

it("events are mapped under their own day, out of order and over days that overlap too", async () => {
  await room("mixed");
  const noon = (day: number): number => Date.UTC(2026, 4, day, 12);
  for (const day of [1, 1, 2, 1, 2, 3]) await environment.sayAt("mixed", noon(day), `${day}`);
  await archiveRest(environment.deps, 20_000);
  expect(await mapOf(environment.sql, "mixed")).toEqual([
    "2026-05-01 1-4",
    "2026-05-02 3-5",
    "2026-05-03 6-6",
  ]);
  await environment.sayAt("mixed", noon(1), "late");
  await archiveRest(environment.deps, 20_000);
  expect(await mapOf(environment.sql, "mixed")).toEqual([
    "2026-05-01 1-7",
    "2026-05-02 3-5",
    "2026-05-03 6-6",
  ]);
});

it("a batch that is rolled back leaves nothing in the map", async () => {
  const failed = environment.sql.begin(async (tx) => {
    await tx`insert into messages (room_id, seq, day, time, kind) values (99, 1, '2026-05-01', '12:00', 'message')`;
    throw new Error("enough");
  });
  await expect(failed).rejects.toThrow("enough");
  expect(await environment.sql`select from room_days where room_id = 99`).toHaveLength(0);
});

it("blanking, its record and the search for conflicts open the days of their rows alone", async () => {
  const watched = watchStatements(environment.database.url);
  const deps = {
    ...environment.deps,
    database: {
      ...environment.deps.database,
      use: <T>(_: number, work: (sql: Sql) => Promise<T>) => work(watched.sql),
    },
  };
  await room("swept");
  for (const day of [5, 6, 7, 8]) await environment.sayAt("swept", Date.UTC(2026, 5, day, 12), `day ${day}`);
  await archiveRest(deps, 20_000);
  const statements = await watched.explained(async () => {
    for (const target of [1, 4]) await environment.remove("swept", target);
    await environment.sayAt("swept", Date.UTC(2026, 5, 9), "new");
    await archiveRest(deps, 20_000);
  });
  const reading = statements.filter(({ statement }) => !/^\s*insert into messages/.test(statement));
  expect(reading.map(({ partitions }) => partitions)).toEqual([
    ["messages_20260605"],
    ["messages_20260605"],
    ["messages_20260608"],
    ["messages_20260608"],
  ]);
  const rows = await environment.sql`
    select seq::int, deleted, text, data from messages join rooms on id = room_id where name = 'swept' and messages.kind = 'message' order by seq`;
  expect(rows.map((row) => ({ ...row }))).toEqual([
    { seq: 1, deleted: true, text: null, data: { deletion: 5 } },
    { seq: 2, deleted: false, text: "day 6", data: null },
    { seq: 3, deleted: false, text: "day 7", data: null },
    { seq: 4, deleted: true, text: null, data: { deletion: 6 } },
    { seq: 7, deleted: false, text: "new", data: null },
  ]);
  await watched.close();
});

it("a day that retention drops leaves the map with its rows", async () => {
  await room("passing");
  const day = (index: number): number => Date.UTC(2020, 0, index, 12);
  for (const index of [1, 2, 3]) await environment.sayAt("passing", day(index), `${index}`);
  await archiveRest(environment.deps, 20_000);
  const retention = createRetention(() => day(4), 1, environment.deps.log);
  while (await retention(environment.sql));
  expect(await environment.texts("passing")).toEqual(["3"]);
  expect(await mapOf(environment.sql, "passing")).toEqual(["2020-01-03 3-3"]);
});

/** A database as the release before the map left it. */
async function oldDatabase() {
  const database = await createDatabase();
  const sql = connectPostgres(database.url, { name: "test", max: 4 });
  const folder = mkdtempSync(join(tmpdir(), "suda-migrations-"));
  const before = readdirSync(new URL("./migrations", import.meta.url)).filter((name) => name < "0003");
  for (const name of before) cpSync(new URL(`./migrations/${name}`, import.meta.url), join(folder, name));
  await migrate(sql, LOG, pathToFileURL(`${folder}/`));
  rmSync(folder, { recursive: true });
  const close = async (): Promise<void> => {
    await sql.end({ timeout: 1 });
    await database.drop();
  };
  return { sql, close };
}

it("an archive from before the map is mapped a day at a time, with writes in between", async () => {
  const { sql, close } = await oldDatabase();
  const day = (index: number): string =>
    new Date(Date.UTC(2026, 0, 1) + index * DAY_MS).toISOString().slice(0, 10);
  for (let index = 0; index < 30; index++)
    await sql.unsafe(
      `create table messages_${day(index).replaceAll("-", "")} partition of messages for values from ('${day(index)}') to ('${day(index + 1)}')`,
    );
  const write = (from: number, to: number) => sql`
    insert into messages (room_id, seq, day, time, kind)
    select 1, seq, ${day(0)}::date + (seq / 10)::integer, '12:00', 'message' from generate_series(${from}::int, ${to}::int) seq`;
  await write(1, 255);
  await migrate(sql, LOG);
  expect(await mapOf(sql, "lobby")).toEqual([]);

  const notified: unknown[][] = [];
  const log = { ...LOG, info: (...words: unknown[]) => void notified.push(words) } as typeof LOG;
  const mapNext = createDayMapping(log, () => notified.length * 10_000);
  let days = 0;
  while (await mapNext(sql)) {
    if (++days === 2) await write(256, 262);
  }
  expect(days).toBe(30);
  expect(await sql`select from unmapped_days`).toHaveLength(0);
  const full = Array.from({ length: 27 }, (_, index) => {
    const [first, last] = [Math.max(1, index * 10), Math.min(262, index * 10 + 9)];
    return `${day(index)} ${first}-${last}`;
  });
  expect(await mapOf(sql, "lobby")).toEqual(full);
  expect(notified[0]).toEqual([{ mapped: 0, left: 30, day: day(29) }, "mapping the archive's days"]);
  expect(notified.at(-1)).toEqual([{ days: 30 }, "the archive's days are mapped"]);
  await close();
});
