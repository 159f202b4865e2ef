/** SQL of what many partitions cost: of `messages` as it is, and of a copy whose old days are months. Changes nothing of `messages`. */
import postgres from "postgres";

const DAY_MS = 86_400_000;

type Sql = postgres.Sql;
type Plan = { "QUERY PLAN": [{ "Planning Time": number }] };

export type Database = ReturnType<typeof openBenchDatabase>;
/** Days, as `2026-11-22`; `next` is none of it any more. */
export type Span = { from: string; next: string };

export function openBenchDatabase(url: string) {
  const options = {
    ...{ max: 1, fetch_types: false, onnotice: () => undefined },
    connection: { plan_cache_mode: "force_custom_plan", statement_timeout: 0, TimeZone: "UTC" },
  };
  const sql = postgres(url, options);
  /** A connection that has seen nothing yet. */
  const onFresh = async <T>(work: (fresh: Sql) => Promise<T>): Promise<T> => {
    const fresh = postgres(url, options);
    try {
      return await work(fresh);
    } finally {
      await fresh.end({ timeout: 1 });
    }
  };
  return {
    onFresh,
    countPartitions: (table: string) => countPartitions(sql, table),
    catalogBytes: () => catalogBytes(sql),
    firstDays: () => firstDays(sql),
    copyAs: (table: string, spans: readonly Span[]) => copyAs(sql, table, spans),
    drop: (table: string) => sql.unsafe(`drop table ${table}`),
    addAndDrop: (table: string) => addAndDrop(sql, table),
    vacuum: (table: string) => sql.unsafe(`vacuum ${table}`),
    dump: (table: string) => dump(sql, table),
    lockRoom: () => lockRoom(sql),
    autovacuum: () => autovacuum(sql),
    close: () => sql.end({ timeout: 2 }),
  };
}

async function countPartitions(sql: Sql, table: string): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::integer as count from pg_inherits where inhparent = ${table}::regclass`;
  return row?.count ?? 0;
}

async function catalogBytes(sql: Sql): Promise<number> {
  const [row] = await sql<{ bytes: number }[]>`
    select sum(pg_total_relation_size(oid))::float8 as bytes from pg_class
    where relnamespace = 'pg_catalog'::regnamespace and relkind = 'r'`;
  return row?.bytes ?? 0;
}

/** Days that have a partition, oldest first. */
async function firstDays(sql: Sql): Promise<string[]> {
  const rows = await sql<{ day: string }[]>`
    select to_char(to_date(right(inhrelid::regclass::text, 8), 'YYYYMMDD'), 'YYYY-MM-DD') as day
    from pg_inherits where inhparent = 'messages'::regclass order by day`;
  return rows.map(({ day }) => day);
}

/** A copy of `messages` with other partitions. @returns how long it took to make each of them, ms. */
async function copyAs(sql: Sql, table: string, spans: readonly Span[]): Promise<number[]> {
  await sql.unsafe(
    `create table ${table} (like messages including constraints, primary key (room_id, seq, day)) partition by range (day)`,
  );
  const took: number[] = [];
  for (const { from, next } of spans) {
    const began = performance.now();
    const name = `${table}_${from.replaceAll("-", "")}`;
    // By name, or each statement opens all of them.
    await sql.begin(async (tx) => {
      await tx.unsafe(
        `create table ${name} partition of ${table} for values from ('${from}') to ('${next}')`,
      );
      await tx.unsafe(
        `insert into ${name} select * from messages where day in (${quoted(daysOf({ from, next }))}) order by room_id, seq`,
      );
    });
    took.push(performance.now() - began);
  }
  await sql.unsafe(`analyze ${table}`);
  return took;
}

const quoted = (days: readonly string[]): string => days.map((day) => `'${day}'`).join(", ");

function daysOf({ from, next }: Span): string[] {
  const count = Math.round((Date.parse(next) - Date.parse(from)) / DAY_MS);
  return Array.from({ length: count }, (_, n) =>
    new Date(Date.parse(from) + n * DAY_MS).toISOString().slice(0, 10),
  );
}

/** Ms of making a partition of a day far ahead, and of dropping it. Meanwhile nobody else reads or writes. */
async function addAndDrop(sql: Sql, table: string): Promise<[number, number]> {
  const began = performance.now();
  await sql.unsafe(
    `create table bench_ahead partition of ${table} for values from ('2999-01-01') to ('2999-01-02')`,
  );
  const made = performance.now();
  await sql.unsafe("drop table bench_ahead");
  return [made - began, performance.now() - made];
}

/** All of it, as a backup reads it: one snapshot, a lock on each partition. @returns how many locks, and ms. */
async function dump(sql: Sql, table: string): Promise<{ locks: number; lockMs: number; readMs: number }> {
  return (await sql.begin("isolation level repeatable read read only", async (tx) => {
    const tables = await tx<{ name: string }[]>`
      select inhrelid::regclass::text as name from pg_inherits where inhparent = ${table}::regclass`;
    const began = performance.now();
    await tx.unsafe(`lock table ${tables.map(({ name }) => name).join(", ")} in access share mode`);
    const locked = performance.now();
    for (const { name } of tables)
      await tx.unsafe(`select count(*) from (select ${name}::text from ${name}) whole`);
    const [row] = await tx<{ locks: number }[]>`
      select count(*)::integer as locks from pg_locks where pid = pg_backend_pid()`;
    return { locks: row?.locks ?? 0, lockMs: locked - began, readMs: performance.now() - locked };
  })) as { locks: number; lockMs: number; readMs: number };
}

/** How many locks the server has room for. */
async function lockRoom(sql: Sql): Promise<number> {
  const [row] = await sql<{ room: number }[]>`
    select current_setting('max_locks_per_transaction')::integer
      * (current_setting('max_connections')::integer + current_setting('max_prepared_transactions')::integer) as room`;
  return row?.room ?? 0;
}

/** Pages that the server's own upkeep has looked at so far. */
async function autovacuum(sql: Sql): Promise<number> {
  const [row] = await sql<{ pages: number }[]>`
    select coalesce(sum(hits + reads), 0)::float8 as pages from pg_stat_io
    where backend_type in ('autovacuum launcher', 'autovacuum worker')`;
  return row?.pages ?? 0;
}

/** A page as the gateway reads it, which names two days. @returns ms of planning. */
export async function planPage(sql: Sql, table: string, roomId: number, days: string[]): Promise<number> {
  const [row] = await sql.unsafe<Plan[]>(
    `explain (summary on, format json) select m.seq, m.kind, m.text, m.data from ${table} m
    where m.room_id = $1 and m.day in (${quoted(days)}) and m.seq < $2 order by m.seq desc limit 51`,
    [roomId, 1_000_000_000],
  );
  return row?.["QUERY PLAN"][0]["Planning Time"] ?? 0;
}

/** Locks of that statement: all, and those that cost next to nothing. */
export async function locksOfPage(sql: Sql, table: string, days: string[]): Promise<[number, number]> {
  return (await sql.begin(async (tx) => {
    await tx.unsafe(`select seq from ${table} m where m.room_id = 1 and m.day in (${quoted(days)})`);
    const [row] = await tx<{ locks: number; quick: number }[]>`
      select count(*)::integer as locks, count(*) filter (where fastpath)::integer as quick from pg_locks
      where pid = pg_backend_pid() and locktype = 'relation' and relation > 16000`;
    return [row?.locks ?? 0, row?.quick ?? 0];
  })) as [number, number];
}

export async function memoryOf(sql: Sql): Promise<number> {
  const [row] = await sql<{ bytes: number }[]>`
    select sum(total_bytes)::float8 as bytes from pg_backend_memory_contexts`;
  return row?.bytes ?? 0;
}
