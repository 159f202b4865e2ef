/** Work of many steps disturbs nobody and goes on after a kill: the end of many days, and of a large room. */
import { type ChildProcess, spawn } from "node:child_process";
import { afterAll, beforeAll, expect, it } from "vitest";
import { freePort } from "../load-tests/support/free-port.ts";
import { until } from "../shared/until.ts";
import { createDayMapQueries } from "./day-map-queries.ts";
import { createPartitionChangeQueries } from "./partition-queries.ts";
import { createRetention } from "./retention.ts";
import { openTestEnvironment, type TestEnvironment } from "./testing/test-environment.ts";

const DAY_MS = 86_400_000;
const FIRST = Date.UTC(2020, 0, 1);
const DAYS = 300;
const KEPT = 10;
const ROOM_ROWS = 30_000;
const NOW = FIRST + DAYS * DAY_MS;
/** With those of the catalog. */
const MAX_LOCKS = 32;
const dayOf = (index: number): string => new Date(FIRST + index * DAY_MS).toISOString().slice(0, 10);

let environment: TestEnvironment;
const processes: ChildProcess[] = [];
beforeAll(async () => {
  environment = await openTestEnvironment();
  const { sql } = environment;
  await environment.addRoom("old");
  await sql.begin(async (tx) => {
    for (let index = 0; index < DAYS; index++)
      await createPartitionChangeQueries(tx).createPartition(dayOf(index), dayOf(index + 1));
  });
  await sql`
    insert into messages (room_id, seq, day, time, kind)
    select id, 1 + n, ${dayOf(0)}::date + n, '12:00', 'message' from rooms, generate_series(0, ${DAYS - 1}) n where name = 'old'`;
});
afterAll(async () => {
  for (const each of processes) each.kill("SIGKILL");
  await environment.close();
});

const days = async (): Promise<{ partitions: number; rows: number; mapped: number }> => {
  const [row] = await environment.sql<{ partitions: number; rows: number; mapped: number }[]>`
    select (select count(*) from pg_inherits where inhparent = 'messages'::regclass
      and inhrelid::regclass::text like 'messages_2020%')::integer as partitions,
      (select count(*) from messages where day < '2021-01-01')::integer as rows,
      (select count(*) from room_days where day < '2021-01-01')::integer as mapped`;
  return row ?? { partitions: 0, rows: 0, mapped: 0 };
};
/** Without a look at the days themselves, which would be in the way of their end. */
const countPartitions = async (): Promise<number> => {
  const rows = await environment.sql`
    select from pg_inherits join pg_class on oid = inhrelid
    where inhparent = 'messages'::regclass and relname like 'messages_2020%'`;
  return rows.length;
};
const run = (file: string, args: string[], env: Record<string, string> = {}): ChildProcess => {
  const child = spawn(process.execPath, [file, ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  processes.push(child);
  return child;
};
const ended = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve) => child.once("exit", (code, signal) => resolve(code ?? signal)));

it("to drop a day takes a handful of locks, however many days there are", async () => {
  await environment.sql
    .begin(async (tx) => {
      const { lockPartitions, lockExpired, dropPartition } = createPartitionChangeQueries(tx);
      await lockPartitions();
      await createDayMapQueries(tx).forgetDay(dayOf(0));
      await lockExpired(dayOf(0));
      await dropPartition(dayOf(0));
      const [row] = await tx<{ locks: number }[]>`
        select count(*)::integer as locks from pg_locks where pid = pg_backend_pid()`;
      expect(row?.locks).toBeLessThanOrEqual(MAX_LOCKS);
      throw new Error("undone");
    })
    .catch((error: Error) => expect(error.message).toBe("undone"));
  expect((await days()).partitions).toBe(DAYS);
});

it.each([
  ["that day", 0, DAYS],
  ["another day", 40, DAYS - 1],
])("while somebody reads %s none is dropped, and nobody waits for it meanwhile", async (_, read, present) => {
  const { sql, deps } = environment;
  const gone = DAYS - present;
  const retention = createRetention(() => FIRST + (KEPT + gone + 1) * DAY_MS, KEPT, deps.log);
  const reader = await sql.reserve();
  await reader`begin`;
  await reader`select from messages where day = ${dayOf(read)}`;
  const waits: number[] = [];
  let isOver = false;
  const others = (async () => {
    while (!isOver) {
      const began = performance.now();
      await sql`select from messages where day = ${dayOf(50)}`;
      waits.push(performance.now() - began);
    }
  })();
  expect(await retention(sql)).toBe(false);
  isOver = true;
  await others;
  expect(Math.max(...waits)).toBeLessThan(1_000);
  expect((await days()).partitions).toBe(present);
  await reader`rollback`;
  reader.release();
  expect(await retention(sql)).toBe(false);
  const left = present - 1;
  expect(await days()).toEqual({ partitions: left, rows: left, mapped: left });
});

it("a process that is killed while it drops many days leaves whole days, and the next one goes on", async () => {
  const args = [environment.database.url, String(NOW), String(KEPT)];
  const killed = run("worker/testing/drop-expired.ts", args);
  await until("some days are dropped", async () => (await countPartitions()) < DAYS - 20, {
    withinMs: 20_000,
  });
  killed.kill("SIGKILL");
  await ended(killed);
  const { partitions, rows, mapped } = await days();
  expect(partitions).toBeGreaterThan(KEPT);
  expect([rows, mapped]).toEqual([partitions, partitions]);
  const next = run("worker/testing/drop-expired.ts", args);
  const said: string[] = [];
  next.stdout?.on("data", (data) => said.push(String(data)));
  await until("all of them are dropped", async () => (await countPartitions()) === KEPT, {
    withinMs: 20_000,
  });
  await until("it says so", () => said.join("").includes('"expired days dropped"'));
  next.kill("SIGKILL");
  expect(await days()).toEqual({ partitions: KEPT, rows: KEPT, mapped: KEPT });
  expect(said.join("")).toContain('"dropping expired days"');
});

it("a worker that is killed while it empties a large room leaves the rest to the next one", async () => {
  const { sql, server, database, deps } = environment;
  await sql`
    insert into messages (room_id, seq, day, time, kind)
    select 9999, n, current_date, '12:00', 'message' from generate_series(1, ${ROOM_ROWS}) n`;
  await sql`insert into deleted_rooms (id, name, last_seq) values (9999, 'large', ${ROOM_ROWS})`;
  const left = async (): Promise<number> =>
    Number((await sql`select count(*) as left from messages where room_id = 9999`)[0]?.left);
  const work = async (): Promise<ChildProcess> =>
    run("worker/main.ts", [], {
      ...{ REDIS_URL: server.url, DATABASE_URL: database.url, SUDA_KEY_PREFIX: "test" },
      ...{ SUDA_SHARDS: String(deps.shards), SUDA_INTERNAL_PORT: String(await freePort()) },
      ...{ SUDA_NAME: "worker", SUDA_LOG_LEVEL: "warn" },
    });
  const killed = await work();
  await until("some messages are removed", async () => (await left()) < ROOM_ROWS, { withinMs: 20_000 });
  killed.kill("SIGKILL");
  await ended(killed);
  expect(await left()).toBeGreaterThan(0);
  await work();
  const isEmptied = async (): Promise<boolean> =>
    (await sql`select from deleted_rooms where id = 9999 and emptied_at is not null`).length === 1;
  await until("the room is emptied", isEmptied, { withinMs: 20_000 });
  expect(await left()).toBe(0);
});
