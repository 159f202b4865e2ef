/** All SQL that the worker runs. Many rows go as one array a column, so a statement costs the same for 1 and for 2,000. */
import type { Sql, Transaction } from "../shared/server/postgres/pool.ts";
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
export async function lockRooms(tx: Transaction, names: string[]): Promise<Map<string, LockedRoom>> {
  const rooms = await tx<({ name: string } & LockedRoom)[]>`
    select id, name, born_seq::float8 as "bornSeq" from rooms
    where name = any(${names}::text[]) order by id for no key update`;
  return new Map(rooms.map(({ id, name, bornSeq }) => [name, { id, bornSeq }]));
}
/** `bornSeq`: earlier rooms of this name had no higher seq. */
export type LockedRoom = { id: number; bornSeq: number };

/** Rooms above an id, a page of them. */
export function findRooms(sql: Sql, after: number, most: number): Promise<{ id: number; name: string }[]> {
  return sql<{ id: number; name: string }[]>`
    select id, name from rooms where id > ${after} order by id limit ${most}`;
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

/** The days of rows, each once: with them named as values a statement opens no other partition. */
const daysOf = (rows: { day: string }[]): string[] => [...new Set(rows.map(({ day }) => day))];

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
    where kept.day = any(${daysOf(rows)}::date[])
      and (kept.kind, kept.user_id, kept.client_id) is distinct from (event.kind, event.user_id, event.client_id)
      and not (kept.deleted and kept.client_id is null)`;
  return new Set(conflicts.map(({ room, seq }) => `${room} ${seq}`));
}

/** A `deleted` event and a day on which its target may lie. */
export type Deletion = StoredRow & { targetDay: string };
const targetDays = (rows: Deletion[]): string[] => [...new Set(rows.map(({ targetDay }) => targetDay))];

/**
 * Blanks what `deleted` events name, and notes which event it was. A target that was not written yet came as its
 * tombstone, if it is not lost.
 */
export async function blankTargets(tx: Transaction, rows: Deletion[]): Promise<void> {
  await tx`
    update messages set text = null, deleted = true,
      data = jsonb_build_object('deletion', event.seq) || coalesce(messages.data, '{}')
    from unnest(
      ${rows.map((row) => row.roomId)}::integer[],
      ${rows.map((row) => row.seq)}::bigint[],
      ${rows.map((row) => row.target)}::bigint[],
      ${rows.map((row) => row.targetDay)}::date[]
    ) as event (room_id, seq, target, day)
    where messages.room_id = event.room_id and messages.seq = event.target and messages.day = event.day
      and messages.day = any(${targetDays(rows)}::date[])`;
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

/**
 * A message that somebody else than its author took back was moderated: its act, under the time of the deletion. Said by the
 * deletion itself, so that none can be missing, and once however often the batch is written.
 */
export async function recordDeletions(tx: Transaction, rows: Deletion[]): Promise<void> {
  await tx`
    insert into audit (at, act, by_user, user_id, room, seq)
    select (event.day + event.time) at time zone 'UTC', 'delete', event.by, target.user_id, event.room, event.target
    from unnest(
      ${rows.map((row) => row.room)}::text[],
      ${rows.map((row) => row.roomId)}::integer[],
      ${rows.map((row) => row.target)}::bigint[],
      ${rows.map((row) => row.by)}::uuid[],
      ${rows.map((row) => row.targetDay)}::date[],
      ${rows.map((row) => row.day)}::date[],
      ${rows.map((row) => row.time)}::time[]
    ) as event (room, room_id, target, by, target_day, day, time)
    join messages target
      on target.room_id = event.room_id and target.seq = event.target and target.day = event.target_day
    where target.user_id <> event.by and target.day = any(${targetDays(rows)}::date[])
    on conflict do nothing`;
}
