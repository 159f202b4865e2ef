/**
 * SQL of the publisher: which rooms have events that Kafka lacks, and the events. As in history, a statement on `messages` names
 * the room by number and the days by value.
 */
import type { ArchivedEvent } from "../../shared/server/events/archived-event.ts";
import type { Db } from "../../shared/server/postgres/pool.ts";
import type { Span } from "../exchange/day-spans.ts";

export type PublishQueries = ReturnType<typeof createPublishQueries>;

export type RoomKind = "public" | "private" | "direct";
/** `bases`: where its epochs began, in order. Every row up to `lastSeq` is there, and none is added below it. */
export type Room = { id: number; name: string; kind: RoomKind; lastSeq: number; bases: number[] };
/** Rows with seqs above `above` and up to `upTo`, the first `max` of them. */
export type Wanted = { roomId: number; above: number; upTo: number; max: number };
export type RoomEvent = ArchivedEvent & { roomId: number };
/** A `removed` event: the author's messages from seq `from` on, below seq `seq`. */
export type Removal = { roomId: number; seq: number; author: string; from: number };

type EventRow = Omit<RoomEvent, "seq" | "at"> & { seq: string; at: string };

/** @param kinds rooms of no other kind are published. */
export function createPublishQueries(db: Db, kinds: readonly RoomKind[]) {
  return {
    /** Whether a day of the archive is not in the map of days yet, so that its rows would be missed. */
    async hasUnmappedDays(): Promise<boolean> {
      const [row] = await db<{ found: boolean }[]>`select exists (select from unmapped_days) as found`;
      return row?.found === true;
    },

    /** Rooms with events above the ones that are noted as published, in the order of their ids. @param after an id. */
    findBehind(after: number, max: number): Promise<{ id: number; name: string }[]> {
      return db<{ id: number; name: string }[]>`
        select id, name from rooms left join kafka_published on room_id = id
        where kind = any(${[...kinds]}::text[]) and last_seq > coalesce(kafka_published.seq, 0) and id > ${after}
        order by id limit ${max}`;
    },

    findRooms(names: readonly string[]): Promise<Room[]> {
      return db<Room[]>`
        select id, name, kind, last_seq::float8 as "lastSeq",
          (select coalesce(json_agg(base order by base), '[]') from room_epochs where room_id = rooms.id) as bases
        from rooms where name = any(${[...names]}::text[]) and kind = any(${[...kinds]}::text[])`;
    },

    /** The days of each room with events above a seq, by their lowest seq. @param max per room; more are not read. */
    async findSpans(
      asked: readonly { roomId: number; above: number }[],
      max: number,
    ): Promise<Map<number, Span[]>> {
      const rows = await db<({ roomId: number } & Span)[]>`
        select asked.room_id as "roomId", day::text, first_seq::float8 as first, last_seq::float8 as last
        from unnest(
          ${asked.map(({ roomId }) => roomId)}::integer[],
          ${asked.map(({ above }) => above)}::bigint[]
        ) as asked (room_id, above)
        cross join lateral (
          select day, first_seq, last_seq from room_days
          where room_days.room_id = asked.room_id and last_seq > asked.above order by first_seq, day limit ${max}
        ) span
        order by asked.room_id, first, day`;
      return Map.groupBy(rows, ({ roomId }) => roomId);
    },

    /** @param days that hold all of the wanted rows. @returns them in order for each room. */
    async readEvents(asked: readonly Wanted[], days: readonly string[]): Promise<RoomEvent[]> {
      const rows = await db<EventRow[]>`
        select asked.room_id as "roomId", m.seq, m.kind, m.user_id as "userId", m.nickname, m.client_id as "clientId",
          m.text, m.deleted, m.data, (extract(epoch from (m.day + m.time)) * 1000)::bigint as at
        from unnest(
          ${asked.map(({ roomId }) => roomId)}::integer[],
          ${asked.map(({ above }) => above)}::bigint[],
          ${asked.map(({ upTo }) => upTo)}::bigint[],
          ${asked.map(({ max }) => max)}::integer[]
        ) as asked (room_id, above, up_to, wanted)
        cross join lateral (
          select * from messages m
          where m.room_id = asked.room_id and m.day = any(${[...days]}::date[])
            and m.seq > asked.above and m.seq <= asked.up_to
          order by m.seq limit asked.wanted
        ) m`;
      const events = rows.map((row) => ({ ...row, seq: Number(row.seq), at: Number(row.at) }));
      rows.length = 0;
      return events;
    },

    /** The days that may hold messages of a removal: it is about an hour, so they are few. */
    async findDays({ roomId, seq, from }: Removal): Promise<string[]> {
      const days = await db<{ day: string }[]>`
        select day::text from room_days where room_id = ${roomId} and first_seq < ${seq} and last_seq >= ${from}`;
      return days.map(({ day }) => day);
    },

    /** The seqs of the messages of a day that a removal blanked. */
    async findRemoved({ roomId, seq, author, from }: Removal, day: string): Promise<number[]> {
      const rows = await db<{ seq: string }[]>`
        select m.seq from messages m
        where m.room_id = ${roomId} and m.day = ${day} and m.seq >= ${from} and m.seq < ${seq}
          and m.user_id = ${author}::uuid and m.kind = 'message' and m.deleted
        order by m.seq`;
      return rows.map((row) => Number(row.seq));
    },
  };
}
