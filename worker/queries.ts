/** All SQL that the worker runs. Many rows go as one array a column, so a statement costs the same for 1 and for 2,000. */
import type { Sql, Transaction } from "../shared/server/postgres.ts";
import type { DeadLetter, EventRow } from "./event-row.ts";
import type { Migration } from "./migrate.ts";

/** Any numbers that nothing else in this database locks. */
const LOCKS = { migrations: 7_834_201, partitions: 7_834_202 };

/** Holds the migration lock until the transaction ends, however long a migration of another process takes. */
export async function lockMigrations(tx: Transaction): Promise<void> {
  await tx`set local statement_timeout = 0`;
  await tx`select pg_advisory_xact_lock(${LOCKS.migrations})`;
  await tx`
    create table if not exists migrations (
      number integer primary key,
      name text not null,
      checksum text not null,
      applied_at timestamptz not null default now()
    )`;
}

export function findMigrations(tx: Transaction): Promise<Omit<Migration, "statements">[]> {
  return tx<Omit<Migration, "statements">[]>`select number, name, checksum from migrations order by number`;
}

export async function addMigration(tx: Transaction, { number, name, checksum }: Migration): Promise<void> {
  await tx`insert into migrations (number, name, checksum) values (${number}, ${name}, ${checksum})`;
}

/** Locks rooms in one and the same order in every worker, so that two of them wait for each other and never deadlock. */
export async function lockRooms(tx: Transaction, names: string[]): Promise<Map<string, number>> {
  const rooms = await tx<{ id: number; name: string }[]>`
    select id, name from rooms where name = any(${names}::text[]) order by id for no key update`;
  return new Map(rooms.map(({ id, name }) => [name, id]));
}

export type StoredRow = EventRow & { roomId: number };

/** @returns how many rows were new; the others were there already. */
export async function insertEvents(tx: Transaction, rows: StoredRow[]): Promise<number> {
  const result = await tx`
    insert into messages (room_id, seq, day, time, kind, user_id, nickname, client_id, text, deleted, data)
    select room_id, seq, day, time, kind, user_id, nickname, client_id, text, deleted, data::jsonb
    from unnest(
      ${rows.map((row) => row.roomId)}::integer[],
      ${rows.map((row) => row.seq)}::bigint[],
      ${rows.map((row) => row.day)}::date[],
      ${rows.map((row) => row.time)}::time[],
      ${rows.map((row) => row.kind)}::text[],
      ${rows.map((row) => row.userId)}::uuid[],
      ${rows.map((row) => row.nickname)}::text[],
      ${rows.map((row) => row.clientId)}::text[],
      ${rows.map((row) => row.text)}::text[],
      ${rows.map((row) => String(row.deleted))}::boolean[],
      ${rows.map((row) => row.data)}::text[]
    ) as event (room_id, seq, day, time, kind, user_id, nickname, client_id, text, deleted, data)
    on conflict do nothing`;
  return result.count;
}

/** Which of the rows stand under their seq with another origin: two events were given one seq. */
export async function findConflicts(tx: Transaction, rows: StoredRow[]): Promise<Set<string>> {
  const conflicts = await tx<{ room: string; seq: string }[]>`
    select event.room, event.seq
    from unnest(
      ${rows.map((row) => row.room)}::text[],
      ${rows.map((row) => row.roomId)}::integer[],
      ${rows.map((row) => row.seq)}::bigint[],
      ${rows.map((row) => row.day)}::date[],
      ${rows.map((row) => row.kind)}::text[],
      ${rows.map((row) => row.userId)}::uuid[],
      ${rows.map((row) => row.clientId)}::text[]
    ) as event (room, room_id, seq, day, kind, user_id, client_id)
    join messages kept using (room_id, seq, day)
    where (kept.kind, kept.user_id, kept.client_id) is distinct from (event.kind, event.user_id, event.client_id)
      and not (kept.deleted and kept.client_id is null)`;
  return new Set(conflicts.map(({ room, seq }) => `${room} ${seq}`));
}

/** Blanks what `deleted` events name. A target that was not written yet came as its tombstone, if it is not lost. */
export async function blankTargets(tx: Transaction, rows: StoredRow[]): Promise<void> {
  await tx`
    update messages set text = null, deleted = true
    from unnest(
      ${rows.map((row) => row.roomId)}::integer[],
      ${rows.map((row) => row.target)}::bigint[]
    ) as event (room_id, target)
    where messages.room_id = event.room_id and messages.seq = event.target`;
}

export async function raiseLastSeqs(tx: Transaction, seqs: Map<number, number>): Promise<void> {
  await tx`
    update rooms set last_seq = greatest(last_seq, event.seq)
    from unnest(${[...seqs.keys()]}::integer[], ${[...seqs.values()]}::bigint[]) as event (room_id, seq)
    where rooms.id = event.room_id`;
}

/** Keeps each letter once, however often its batch is tried. */
export async function addDeadLetters(sql: Sql | Transaction, letters: DeadLetter[]): Promise<void> {
  await sql`
    insert into dead_letters (room, seq, raw, reason)
    select * from unnest(
      ${letters.map((letter) => letter.room)}::text[],
      ${letters.map((letter) => letter.seq)}::bigint[],
      ${letters.map((letter) => letter.raw)}::text[],
      ${letters.map((letter) => letter.reason)}::text[]
    )
    on conflict do nothing`;
}

/** One worker at a time changes partitions; waits briefly for readers and gives up rather than block them. */
export async function lockPartitions(tx: Transaction): Promise<void> {
  await tx`set local lock_timeout = '5s'`;
  await tx`select pg_advisory_xact_lock(${LOCKS.partitions})`;
}

/** @param day and `next` as `2026-11-22`, from this module's callers only: DDL takes no parameters. */
export async function createPartition(tx: Transaction, day: string, next: string): Promise<void> {
  await tx.unsafe(
    `create table if not exists ${partitionOf(day)} partition of messages for values from ('${day}') to ('${next}')`,
  );
}

export async function dropPartition(tx: Transaction, day: string): Promise<void> {
  await tx.unsafe(`drop table if exists ${partitionOf(day)}`);
}

/** @returns the days that have a partition, oldest first. */
export async function findPartitions(tx: Transaction): Promise<string[]> {
  const tables = await tx<{ day: string }[]>`
    select to_char(to_date(substring(child.relname from '^messages_([0-9]{8})$'), 'YYYYMMDD'), 'YYYY-MM-DD') as day
    from pg_inherits join pg_class child on child.oid = inhrelid
    where inhparent = 'messages'::regclass and child.relname ~ '^messages_[0-9]{8}$'
    order by day`;
  return tables.map(({ day }) => day);
}

function partitionOf(day: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new RangeError(`${day} is no day`);
  return `messages_${day.replaceAll("-", "")}`;
}

/** Sessions that nobody can use any more; their refresh tokens go with them. */
export async function deleteOldSessions(sql: Sql, most: number): Promise<number> {
  const result = await sql`
    delete from sessions where id in (
      select id from sessions where expires_at < now() or ended_at < now() - interval '1 day' limit ${most}
    )`;
  return result.count;
}

/** Replaced tokens older than this no longer give a stolen family away; using one is refused all the same. */
export async function deleteOldRefreshTokens(sql: Sql, most: number): Promise<number> {
  const result = await sql`
    delete from refresh_tokens where hash in (
      select hash from refresh_tokens where replaced_at < now() - interval '7 days' limit ${most}
    )`;
  return result.count;
}
