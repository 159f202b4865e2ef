/** SQL that verifies the archive. Read-only, in batches. */
import type { Db, Sql } from "../../shared/server/postgres/pool.ts";

/** `isOld`: all of its events may be past their retention. */
export type VerifiedRoom = { id: number; name: string; lastSeq: number; bornSeq: number; isOld: boolean };
export type RunRow = { roomId: number; first: number; last: number; rows: number };
export type MapRow = { roomId: number; first: number; last: number };
/** A position in a day's rows. */
export type Place = { roomId: number; seq: number };
export type Letter = { id: number; room: string; seq: number; reason: string };
/** Rows of rooms that nobody can open: `from` is the lowest of their seqs. */
export type Unsettled = { roomId: number; from: number };

/** Reads from one snapshot of the database. */
export function snapshot<T>(sql: Sql, read: (queries: VerifyQueries) => Promise<T>): Promise<T> {
  return sql.begin("isolation level repeatable read read only", (tx) =>
    read(createVerifyQueries(tx)),
  ) as Promise<T>;
}

export type VerifyQueries = ReturnType<typeof createVerifyQueries>;

export function createVerifyQueries(db: Db) {
  return {
    /** A page of rooms above an id. */
    findVerified(after: number, max: number): Promise<VerifiedRoom[]> {
      return db<VerifiedRoom[]>`
        select id, name, last_seq::float8 as "lastSeq", born_seq::float8 as "bornSeq",
          created_at < (select min(day) from room_days) + interval '1 day'
            or exists (select from imported_rooms where room_id = rooms.id) as "isOld"
        from rooms where id > ${after} order by id limit ${max}`;
    },

    async findVerifiedRoom(id: number): Promise<VerifiedRoom | undefined> {
      return (await createVerifyQueries(db).findVerified(id - 1, 1)).find((room) => room.id === id);
    },

    /**
     * Whether rows of a room that was not in the list are in order: the room is being imported, is deleted and not empty
     * yet, or was created since then.
     */
    async isUnderWay(roomId: number): Promise<boolean> {
      const [row] = await db<{ found: boolean }[]>`
        select exists (select from imported_rooms where room_id = ${roomId} and settled_at is null)
          or exists (select from deleted_rooms where id = ${roomId} and emptied_at is null)
          or exists (select from rooms where id = ${roomId}) as found`;
      return row?.found ?? false;
    },

    /** Ranges that are being imported into existing rooms. */
    findUnsettledRanges(): Promise<Unsettled[]> {
      return db<Unsettled[]>`
        select room_id as "roomId", first_seq::float8 as "from" from imported_rooms where existed and settled_at is null`;
    },

    /** All days with a partition, oldest first. */
    async findDays(): Promise<string[]> {
      const days = await db<{ day: string }[]>`
        select generate_series(bounds[1]::date, bounds[2]::date - 1, interval '1 day')::date::text as day
        from pg_inherits join pg_class child on child.oid = inhrelid
        cross join regexp_match(pg_get_expr(child.relpartbound, child.oid), 'FROM \\(''([0-9-]+)''\\) TO \\(''([0-9-]+)''\\)') as bounds
        where inhparent = 'messages'::regclass order by day`;
      return days.map(({ day }) => day);
    },

    /** The runs of seqs on a day, of the rows after a position. @param max rows to read. */
    findRuns(day: string, after: Place, max: number): Promise<RunRow[]> {
      return db<RunRow[]>`
        select room_id as "roomId", min(seq)::float8 as first, max(seq)::float8 as last, count(*)::integer as rows
        from (
          select room_id, seq, seq - row_number() over (partition by room_id order by seq) as island
          from (
            select room_id, seq from messages
            where day = ${day} and (room_id, seq) > (${after.roomId}, ${after.seq}) order by room_id, seq limit ${max}
          ) page
        ) numbered group by room_id, island order by room_id, first`;
    },

    /** The seqs of each room on a day by the map; undefined: the day is not mapped yet. */
    async findMap(day: string): Promise<MapRow[] | undefined> {
      const [unmapped] = await db`select from unmapped_days where day = ${day}`;
      if (unmapped) return undefined;
      return db<MapRow[]>`
        select room_id as "roomId", first_seq::float8 as first, last_seq::float8 as last from room_days where day = ${day}`;
    },

    /** The days of a room by the map, oldest first. */
    async findDaysOf(roomId: number): Promise<string[]> {
      const days = await db<{ day: string }[]>`
        select day::text from room_days where room_id = ${roomId} order by day`;
      return days.map(({ day }) => day);
    },

    /** A page of dead letters above an id. */
    findLetters(after: number, max: number): Promise<Letter[]> {
      return db<Letter[]>`
        select id::float8 as id, room, seq::float8 as seq, reason from dead_letters where id > ${after} order by id limit ${max}`;
    },
  };
}
