/** SQL of rooms: a walk over all of them, and what is left of those that admins closed, taken away bit by bit. */
import type { Sql, Transaction } from "../shared/server/postgres/pool.ts";

/** Rooms above an id, a page of them. */
export function findRooms(sql: Sql, after: number, max: number): Promise<{ id: number; name: string }[]> {
  return sql<{ id: number; name: string }[]>`
    select id, name from rooms where id > ${after} order by id limit ${max}`;
}

/** `lastSeq`: no event of it had a higher one. */
export type DeletedRoom = { id: number; name: string; lastSeq: number };

/** The highest seqs of the rooms of these names that were deleted. */
export async function findDeletedSeqs(tx: Transaction, names: string[]): Promise<Map<string, number>> {
  const rooms = await tx<{ name: string; lastSeq: number }[]>`
    select name, max(last_seq)::float8 as "lastSeq" from deleted_rooms
    where name = any(${names}::text[]) group by name`;
  return new Map(rooms.map(({ name, lastSeq }) => [name, lastSeq]));
}

/** The room deleted first of which something may be left; null: there is none. */
export async function findLeft(sql: Sql): Promise<DeletedRoom | null> {
  const [room] = await sql<DeletedRoom[]>`
    select id, name, last_seq::float8 as "lastSeq" from deleted_rooms where emptied_at is null order by id limit 1`;
  return room ?? null;
}

/**
 * Removes some of what was said in it: of one day, so that a statement touches one partition. @returns whether there may be
 * more; null: nobody knows yet, since the days from before the map of days are not all in it.
 */
export async function removeMessages(sql: Sql, id: number, max: number): Promise<boolean | null> {
  const [found] = await sql<{ day: string | null; unmapped: boolean }[]>`
    select (select day::text from room_days where room_id = ${id} limit 1) as day,
      exists (select from unmapped_days) as unmapped`;
  const day = found?.day;
  if (!day) return found?.unmapped ? null : false;
  const { count } = await sql`
    delete from messages where room_id = ${id} and day = ${day} and seq = any(array(
      select seq from messages where room_id = ${id} and day = ${day} limit ${max}
    ))`;
  if (count < max) await sql`delete from room_days where room_id = ${id} and day = ${day}`;
  return true;
}

/** Removes some of what could not be written of it. Seqs tell it from a later room of its name. @returns whether there may be more. */
export async function removeDeadLetters(
  sql: Sql,
  { name, lastSeq }: DeletedRoom,
  max: number,
): Promise<boolean> {
  const result = await sql`
    delete from dead_letters where id = any(array(
      select id from dead_letters where room = ${name} and seq <= ${lastSeq} limit ${max}
    ))`;
  return result.count === max;
}

/** @returns whether there may be more. */
export async function removeVisits(sql: Sql, id: number, max: number): Promise<boolean> {
  const result = await sql`
    delete from visited_rooms where room_id = ${id} and user_id = any(array(
      select user_id from visited_rooms where room_id = ${id} limit ${max}
    ))`;
  return result.count === max;
}

export async function markEmptied(sql: Sql, id: number): Promise<void> {
  await sql`update deleted_rooms set emptied_at = now() where id = ${id}`;
}

/** Archived rooms that Redis may still hold, those archived first. */
export function findArchivedInRedis(sql: Sql, max: number): Promise<{ id: number }[]> {
  return sql<{ id: number }[]>`
    select id from rooms where archived_at is not null and let_go_at is null order by archived_at limit ${max}`;
}

/** Holds an archived room, so that nobody opens it meanwhile. Null: it is no longer archived. */
export async function lockArchived(tx: Transaction, id: number): Promise<string | null> {
  const [room] = await tx<{ name: string }[]>`
    select name from rooms where id = ${id} and archived_at is not null for update`;
  return room?.name ?? null;
}

export async function markLetGo(tx: Transaction, id: number): Promise<void> {
  await tx`update rooms set let_go_at = now() where id = ${id}`;
}
