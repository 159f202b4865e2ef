/** All SQL of the load tests: reads the archive, and fills one. */
import postgres from "postgres";

/** `text` is null once it was deleted. */
export type Row = { seq: number; clientId: string; text: string | null };

/** The messages of a room as the archive has them, by seq. */
export async function readRows(databaseUrl: string, room: string): Promise<Row[]> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  try {
    return await sql<Row[]>`
      select seq::float8 as seq, client_id as "clientId", text from messages
      join rooms on rooms.id = room_id
      where rooms.name = ${room} and kind = 'message' order by seq`;
  } finally {
    await sql.end({ timeout: 2 });
  }
}

/** The messages of a room with the names they went out under. */
export async function readSaid(
  databaseUrl: string,
  room: string,
): Promise<{ clientId: string; nickname: string }[]> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  try {
    return await sql<{ clientId: string; nickname: string }[]>`
      select client_id as "clientId", nickname from messages
      join rooms on rooms.id = room_id
      where rooms.name = ${room} and kind = 'message'`;
  } finally {
    await sql.end({ timeout: 2 });
  }
}

export type DeletionRow = { seq: number; target: number };

/** The deletions of a room as the archive has them, by seq. */
export async function readDeletions(databaseUrl: string, room: string): Promise<DeletionRow[]> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  try {
    return await sql<DeletionRow[]>`
      select seq::float8 as seq, (data->>'target')::float8 as target from messages
      join rooms on rooms.id = room_id
      where rooms.name = ${room} and kind = 'deleted' order by seq`;
  } finally {
    await sql.end({ timeout: 2 });
  }
}

/** How many transactions the database has answered so far. Its own count is up to a second old. */
export async function countTransactions(databaseUrl: string): Promise<number> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  try {
    const [row] = await sql<{ count: number }[]>`
      select (xact_commit + xact_rollback)::float8 as count from pg_stat_database where datname = current_database()`;
    return row?.count ?? 0;
  } finally {
    await sql.end({ timeout: 2 });
  }
}

type RoomSize = { room: string; each: number };

/** @returns 0 without such a room, too. */
export async function findLastSeq(databaseUrl: string, room: string): Promise<number> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  try {
    const [row] = await sql<
      { seq: number }[]
    >`select last_seq::float8 as seq from rooms where name = ${room}`;
    return row?.seq ?? 0;
  } finally {
    await sql.end({ timeout: 2 });
  }
}

/** Rooms for an archive that is made here, not said. */
export async function openFill(databaseUrl: string, rooms: string[]): Promise<postgres.Sql> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  await sql`insert into rooms (name, title) select name, name from unnest(${rooms}::text[]) as name`;
  return sql;
}

/** A day's partition, and in it `each` messages of each room, evenly over the day. @param day and `next` as `2026-11-22`. */
export async function fillDay(
  sql: postgres.Sql,
  { day, next, index, sizes }: { day: string; next: string; index: number; sizes: RoomSize[] },
): Promise<void> {
  await sql.unsafe(
    `create table if not exists messages_${day.replaceAll("-", "")} partition of messages for values from ('${day}') to ('${next}')`,
  );
  await sql`
    insert into messages (room_id, seq, day, time, kind, user_id, nickname, client_id, text)
    select rooms.id, ${index} * each + n, ${day}::date, time '00:00' + (n - 1) * interval '86000 s' / each,
      'message', '01936f6e-0000-7000-8000-000000000001', 'reader', 'c' || (${index} * each + n), 'this was said on day ' || ${index}::int
    from unnest(${sizes.map(({ room }) => room)}::text[], ${sizes.map(({ each }) => each)}::int[]) as size (name, each)
    join rooms using (name)
    cross join lateral generate_series(1, each) as n`;
}

/** What the worker and PostgreSQL's own upkeep would have done by then. */
export async function finishArchive(sql: postgres.Sql, days: number, sizes: RoomSize[]): Promise<void> {
  for (const { room, each } of sizes)
    await sql`update rooms set last_seq = ${days * each} where name = ${room}`;
  await sql`vacuum (analyze) messages`;
  await sql`vacuum (analyze) room_days`;
  await sql.end({ timeout: 2 });
}
