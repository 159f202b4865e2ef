/** All SQL of the load tests: reads the archive. */
import postgres from "postgres";

/** `text` and `replyTo`, the seq of the message that it replies to, are absent after a deletion. */
export type Row = { seq: number; clientId: string; text: string | undefined; replyTo?: number | undefined };

/** The messages of a room in the archive, by seq. */
export async function readRows(databaseUrl: string, room: string): Promise<Row[]> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  try {
    const rows = await sql<{ seq: number; clientId: string; text: string | null; replyTo: number | null }[]>`
      select seq::float8 as seq, client_id as "clientId", text, (data -> 'reply' ->> 'seq')::float8 as "replyTo" from messages
      join rooms on rooms.id = room_id
      where rooms.name = ${room} and messages.kind = 'message' order by seq`;
    return rows.map((row) => ({ ...row, text: row.text ?? undefined, replyTo: row.replyTo ?? undefined }));
  } finally {
    await sql.end({ timeout: 2 });
  }
}

/** The messages of a room with the nicknames they were sent under. */
export async function readSaid(
  databaseUrl: string,
  room: string,
): Promise<{ clientId: string; nickname: string }[]> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  try {
    return await sql<{ clientId: string; nickname: string }[]>`
      select client_id as "clientId", nickname from messages
      join rooms on rooms.id = room_id
      where rooms.name = ${room} and messages.kind = 'message'`;
  } finally {
    await sql.end({ timeout: 2 });
  }
}

/** Messages of these rooms in the archive; `distinct`: their distinct client ids in each room. */
export async function countMessages(
  databaseUrl: string,
  rooms: string[],
): Promise<{ messages: number; distinct: number }> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  try {
    const [row] = await sql<{ messages: number; distinct: number }[]>`
      select count(*)::float8 as messages, count(distinct (room_id, client_id))::float8 as distinct
      from messages join rooms on rooms.id = room_id
      where rooms.name = any(${rooms}) and messages.kind = 'message'`;
    return row ?? { messages: 0, distinct: 0 };
  } finally {
    await sql.end({ timeout: 2 });
  }
}

/** `takenBack`: as the event says. `hasMark`: whether its target says so too. */
export type DeletionRow = { seq: number; target: number; takenBack: boolean; hasMark: boolean };

/** The deletions of a room in the archive, by seq. */
export async function readDeletions(databaseUrl: string, room: string): Promise<DeletionRow[]> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  try {
    return await sql<DeletionRow[]>`
      select deletion.seq::float8 as seq, (deletion.data->>'target')::float8 as target,
        deletion.data ? 'takenBack' as "takenBack", coalesce(target.data ? 'takenBack', false) as "hasMark"
      from messages deletion join rooms on rooms.id = room_id
      left join messages target on target.room_id = rooms.id and target.seq = (deletion.data->>'target')::bigint
      where rooms.name = ${room} and deletion.kind = 'deleted' order by seq`;
  } finally {
    await sql.end({ timeout: 2 });
  }
}

/** How far a user has read a room; 0: nothing is known. */
export async function readPosition(databaseUrl: string, room: string, userId: string): Promise<number> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  try {
    const [row] = await sql<{ seq: number }[]>`
      select read_positions.seq::float8 as seq from read_positions join rooms on rooms.id = room_id
      where name = ${room} and user_id = ${userId}`;
    return row?.seq ?? 0;
  } finally {
    await sql.end({ timeout: 2 });
  }
}

/** The number of transactions of the database so far. PostgreSQL updates it about once a second. */
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

/** @returns the highest archived seq; 0 also if there is no such room. */
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

/** Runs ANALYZE, which PostgreSQL otherwise does some time after so many rows. */
export async function refreshStatistics(databaseUrl: string): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  await sql`vacuum (analyze) messages`;
  await sql`vacuum (analyze) room_days`;
  await sql.end({ timeout: 2 });
}

/** As an admin's deletion leaves it to the worker. */
export async function deleteRoom(databaseUrl: string, room: string): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  await sql.begin(async (tx) => {
    await tx`insert into deleted_rooms (id, name, last_seq) select id, name, last_seq from rooms where name = ${room}`;
    await tx`delete from rooms where name = ${room}`;
  });
  await sql.end({ timeout: 2 });
}

/** Counts the rest of a removal: messages of deleted rooms (by the map of days, so about), and days that are over for more than a month. */
export async function countLeaving(databaseUrl: string): Promise<{ messages: number; expired: number }> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  try {
    const [row] = await sql<{ messages: number; expired: number }[]>`
      select (select coalesce(sum(map.last_seq - map.first_seq + 1), 0) from room_days map
          join deleted_rooms on deleted_rooms.id = map.room_id where emptied_at is null)::float8 as messages,
        (select count(*) from pg_inherits where inhparent = 'messages'::regclass
          and right(inhrelid::regclass::text, 8) < to_char(now() - interval '30 days', 'YYYYMMDD'))::integer as expired`;
    return row ?? { messages: 0, expired: 0 };
  } finally {
    await sql.end({ timeout: 2 });
  }
}
