/**
 * A year passes: the worker's own tasks run by a clock that is moved, a day at a time, with retention, with rooms that come and go, and with rooms in
 * which nobody speaks. After twelve months there is no more of anything than after four, when retention had begun to take its share.
 */
import { randomUUID } from "node:crypto";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openConnectionRecordStore } from "../shared/server/redis/connection-record-store.ts";
import { openPresenceStore } from "../shared/server/redis/presence-store.ts";
import { archiveRest } from "./archive.ts";
import { cleanUp, forgetTokens } from "./cleanup.ts";
import { recordConnections } from "./connections.ts";
import { createDayMapping } from "./day-map.ts";
import { createExpiry } from "./expiry.ts";
import { trimLong } from "./long-logs.ts";
import { ensureAhead } from "./partitions.ts";
import { createRetention } from "./retention.ts";
import { emptyClosed } from "./testing/empty-closed.ts";
import { AUTHOR, openTestEnvironment, type TestEnvironment } from "./testing/test-environment.ts";

const DAY_MS = 86_400_000;
const DAYS = 365;
/** From here on nothing grows any more. */
const SETTLED = 120;
const RETENTION = 30;
const CONNECTION_DAYS = 90;
const IDLE = ["idle-1", "idle-2", "idle-3"];
const ROOM_LIFE = 10;
const SAID = 8;

/** Tables that may have more rows at the end than in the middle, with how many more and why. */
const MAY_GROW: Record<string, { by: number; because: string }> = {
  deleted_rooms: {
    by: DAYS - SETTLED,
    because: "kept for ever: a later room of the same name begins above the seqs of the earlier one",
  },
  connections: {
    by: CONNECTION_DAYS,
    because: "PostgreSQL's own clock, which nobody moved, says how old one is",
  },
};
const MAX_GROWTH_MB = { postgres: 5, redis: 0.5, heap: 8 };

let environment: TestEnvironment;
beforeAll(async () => {
  environment = await openTestEnvironment();
  await environment.openRoom("lobby");
  for (const name of IDLE) await open(name);
});
afterAll(() => environment.close());

const open = (name: string): Promise<string> => environment.startRoom(name);

/** The tasks of a worker, by a clock of the test. */
function createWorker(now: () => number) {
  const { sql, deps, scripts, redis, keys } = environment;
  const { database, log } = deps;
  const limitMs = 5_000;
  const connections = {
    records: openConnectionRecordStore(redis, keys),
    presence: openPresenceStore(redis, keys),
    ...{ database, writeLimitMs: limitMs },
  };
  const retention = createRetention(now, RETENTION, log);
  const expire = createExpiry({ logs: scripts, database, limitMs, retentionDays: RETENTION, log });
  const mapDays = createDayMapping(log);
  return {
    records: connections.records,
    async work(): Promise<void> {
      await ensureAhead(sql, now());
      await archiveRest(deps, 20_000);
      await trimLong({ ...deps, logs: scripts });
      while (await recordConnections(connections));
      await emptyClosed(environment);
      while (await mapDays(sql));
      await forgetTokens(sql);
      while (await expire(now()));
      while (await retention(sql));
      await cleanUp(sql, now(), { messages: RETENTION, connections: CONNECTION_DAYS }, log);
    },
  };
}

/** People of a day: some talk, one comes and goes, a room is made, and one that is ten days old is deleted. */
async function live(day: number, at: number, records: ReturnType<typeof createWorker>["records"]) {
  const { sql, sayAt, scripts } = environment;
  await open(`day-${day}`);
  for (let n = 0; n < SAID; n++) await sayAt("lobby", at + n, `${day} ${n}`);
  await sayAt(`day-${day}`, at, "a new room");
  const [connection, session] = [randomUUID(), randomUUID()];
  await records.add([
    {
      ...{ kind: "opened", id: connection, user: AUTHOR.id, session, at, boot: "b", gateway: "g" },
      ...{ ip: "192.0.2.1", userAgent: "Firefox" },
    },
    { kind: "closed", id: connection, at: at + 1_000 },
  ]);
  await sql`
    insert into sessions (id, user_id, user_agent, expires_at)
    values (${session}, ${AUTHOR.id}, 'Firefox', ${new Date(at + RETENTION * DAY_MS)})`;
  const old = `day-${day - ROOM_LIFE}`;
  const [room] = await sql<{ id: number }[]>`select id from rooms where name = ${old}`;
  if (!room) return;
  const highest = await scripts.seal(old);
  await sql`insert into deleted_rooms (id, name, last_seq) values (${room.id}, ${old}, ${highest})`;
  await sql`delete from rooms where id = ${room.id}`;
}

/** How much there is of everything: relations, rows of each table, keys of Redis of each kind, files and MB. */
async function count() {
  const { sql, redis } = environment;
  await sql`vacuum`;
  await sql`checkpoint`;
  const tables = await sql<{ name: string }[]>`
    select relname as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition order by name`;
  const rows = new Map<string, number>();
  for (const { name } of tables) {
    const [row] = await sql.unsafe<{ rows: number }[]>(`select count(*)::integer as rows from ${name}`);
    rows.set(name, row?.rows ?? 0);
  }
  const [sizes] = await sql<{ relations: number; files: number; mb: number }[]>`
    select (select count(*) from pg_class where relnamespace = 'public'::regnamespace)::integer as relations,
      (select count(*) from pg_ls_dir('base/' || (select oid from pg_database where datname = current_database())))::integer as files,
      (pg_database_size(current_database()) / 1048576.0)::float8 as mb`;
  const kindOf = (key: string): string =>
    key.replace(/\{s\d+\}/, "{s}").replace(/room:[a-z]+(-\d+)?/, "room");
  const keys = Map.groupBy(await redis.keys("*"), kindOf);
  const memory = /used_memory_dataset:(\d+)/.exec(await redis.info("memory"))?.[1];
  return {
    rows,
    keys: new Map([...keys].map(([kind, list]) => [kind, list.length])),
    relations: sizes?.relations ?? 0,
    files: sizes?.files ?? 0,
    postgresMb: sizes?.mb ?? 0,
    redisMb: Number(memory) / 2 ** 20,
    heapMb: heapMb(),
  };
}

function heapMb(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

it("after a year there is of everything what there was after four months, but for two tables", async () => {
  const { sql } = environment;
  await sql`
    insert into users (id, email, email_key, nickname, nickname_key) values (${AUTHOR.id}, 'a', 'a', 'a', 'a')`;
  // It ends today, because PostgreSQL's own clock stands.
  const first = Date.now() - (DAYS - 1) * DAY_MS;
  let now = first;
  const worker = createWorker(() => now);
  for (const name of IDLE) await environment.sayAt(name, first, "said once");
  let settled: Awaited<ReturnType<typeof count>> | undefined;
  for (let day = 0; day < DAYS; day++) {
    now = first + day * DAY_MS;
    await live(day, now, worker.records);
    await worker.work();
    if (day === SETTLED) settled = await count();
  }
  const last = await count();
  if (!settled) throw new Error("nothing was counted");
  const { rows, keys } = settled;
  const grown = (now: Map<string, number>, before: Map<string, number>): string[] =>
    [...now]
      .filter(([name, many]) => many > (before.get(name) ?? 0) + (MAY_GROW[name]?.by ?? 0))
      .map(([name, many]) => `${name}: ${before.get(name) ?? 0} to ${many}`);
  expect(last.rows.get("messages")).toBeGreaterThan(RETENTION * SAID);
  expect(grown(last.rows, rows)).toEqual([]);
  expect(grown(last.keys, keys)).toEqual([]);
  expect(last.relations).toBeLessThanOrEqual(settled.relations);
  expect(last.files).toBeLessThanOrEqual(settled.files * 1.05);
  expect(last.postgresMb).toBeLessThan(settled.postgresMb + MAX_GROWTH_MB.postgres);
  expect(last.redisMb).toBeLessThan(settled.redisMb + MAX_GROWTH_MB.redis);
  expect(last.heapMb).toBeLessThan(settled.heapMb + MAX_GROWTH_MB.heap);
}, 120_000);
