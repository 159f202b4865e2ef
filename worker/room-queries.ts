/** SQL that lists all rooms in pages, and SQL that removes closed rooms in pieces. */
import type { Db, Transaction } from "../shared/server/postgres/pool.ts";

export type RoomQueries = ReturnType<typeof createRoomQueries>;

export function createRoomQueries(db: Db) {
  return {
    /** A page of rooms, in order of their ids. @param after the last id of the previous page. */
    findRooms(after: number, max: number): Promise<{ id: number; name: string }[]> {
      return db<{ id: number; name: string }[]>`
        select id, name from rooms where id > ${after} order by id limit ${max}`;
    },

    /** The highest seq of the deleted rooms of each name. */
    async findDeletedSeqs(names: string[]): Promise<Map<string, number>> {
      const rooms = await db<{ name: string; lastSeq: number }[]>`
        select name, max(last_seq)::float8 as "lastSeq" from deleted_rooms
        where name = any(${names}::text[]) group by name`;
      return new Map(rooms.map(({ name, lastSeq }) => [name, lastSeq]));
    },

    /** Whether a deleted room may not be empty yet, or an archived one may still have keys in Redis. */
    async hasUnfinished(): Promise<boolean> {
      const [row] = await db<{ found: boolean }[]>`
        select exists (select from deleted_rooms where emptied_at is null)
          or exists (select from rooms where archived_at is not null and let_go_at is null) as found`;
      return row?.found === true;
    },

    /** The room that was deleted first among those that may not be empty yet. */
    async findLeft(): Promise<DeletedRoom | undefined> {
      const [room] = await db<DeletedRoom[]>`
        select id, name, last_seq::float8 as "lastSeq" from deleted_rooms where emptied_at is null order by id limit 1`;
      return room;
    },

    /** Days on which the room has messages. */
    async countDays(id: number): Promise<number> {
      const [row] = await db<{ days: number }[]>`
        select count(*)::integer as days from room_days where room_id = ${id}`;
      return row?.days ?? 0;
    },

    /**
     * Removes some messages of a room, all of one day, so that a statement touches one partition. In the order of the index, which
     * passes over what earlier pieces removed.
     * @returns whether there may be more; undefined if that is not known, because the map of days is not complete yet.
     */
    async removeMessages(id: number, max: number): Promise<boolean | undefined> {
      const [found] = await db<{ day: string | null; unmapped: boolean }[]>`
        select (select day::text from room_days where room_id = ${id} limit 1) as day,
          exists (select from unmapped_days) as unmapped`;
      const day = found?.day;
      if (!day) return found?.unmapped ? undefined : false;
      const { count } = await db`
        delete from messages where room_id = ${id} and day = ${day} and seq = any(array(
          select seq from messages where room_id = ${id} and day = ${day} order by seq limit ${max}
        ))`;
      if (count < max) await db`delete from room_days where room_id = ${id} and day = ${day}`;
      return true;
    },

    /**
     * Removes some dead letters of a room, but none of a later room of the same name, whose seqs are higher.
     * @returns whether there may be more.
     */
    async removeDeadLetters({ name, lastSeq }: DeletedRoom, max: number): Promise<boolean> {
      const result = await db`
        delete from dead_letters where id = any(array(
          select id from dead_letters where room = ${name} and seq <= ${lastSeq} limit ${max}
        ))`;
      return result.count === max;
    },

    /** @returns whether there may be more. */
    async removeVisits(id: number, max: number): Promise<boolean> {
      const result = await db`
        delete from visited_rooms where room_id = ${id} and user_id = any(array(
          select user_id from visited_rooms where room_id = ${id} limit ${max}
        ))`;
      return result.count === max;
    },

    /** @returns whether there may be more. */
    async removeReads(id: number, max: number): Promise<boolean> {
      const result = await db`
        delete from read_positions where room_id = ${id} and user_id = any(array(
          select user_id from read_positions where room_id = ${id} limit ${max}
        ))`;
      return result.count === max;
    },

    /** @returns whether there may be more. */
    async removeLevels(id: number, max: number): Promise<boolean> {
      const result = await db`
        delete from room_levels where room_id = ${id} and user_id = any(array(
          select user_id from room_levels where room_id = ${id} limit ${max}
        ))`;
      return result.count === max;
    },

    /** @returns whether there may be more. */
    async removeReactions(id: number, max: number): Promise<boolean> {
      const result = await db`
        delete from reactions where room_id = ${id} and (target, emoji, user_id) in (
          select target, emoji, user_id from reactions where room_id = ${id} limit ${max}
        )`;
      return result.count === max;
    },

    async markEmptied(id: number): Promise<void> {
      await db`update deleted_rooms set emptied_at = now() where id = ${id}`;
    },

    /** Archived rooms that may still have keys in Redis, in the order in which they were archived. */
    findArchivedInRedis(max: number): Promise<{ id: number }[]> {
      return db<{ id: number }[]>`
        select id from rooms where archived_at is not null and let_go_at is null order by archived_at limit ${max}`;
    },
  };
}

/** `lastSeq`: the highest seq of its events. */
export type DeletedRoom = { id: number; name: string; lastSeq: number };

export function createArchivedRoomQueries(tx: Transaction) {
  return {
    /** Locks an archived room, so that nobody opens it meanwhile. @returns its name; undefined if it is no longer archived. */
    async lockArchived(id: number): Promise<string | undefined> {
      const [room] = await tx<{ name: string }[]>`
        select name from rooms where id = ${id} and archived_at is not null for update`;
      return room?.name;
    },

    async markLetGo(id: number): Promise<void> {
      await tx`update rooms set let_go_at = now() where id = ${id}`;
    },
  };
}
