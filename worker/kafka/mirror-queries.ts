/** SQL of the mirror in PostgreSQL: up to where Kafka has each room, never above the truth. */
import type { Db } from "../../shared/server/postgres/pool.ts";
import type { RoomKind } from "./publish-queries.ts";

export type MirrorQueries = ReturnType<typeof createMirrorQueries>;
/** `lastSeq`: all that is stored of the room. */
type Mirrored = { id: number; name: string; seq: number; lastSeq: number };

/** The distance from the end of an epoch to the next one (`begin_epoch`). */
const EPOCH_STEP = 2_000_000;

/** @param kinds rooms of no other kind are published. */
export function createMirrorQueries(db: Db, kinds: readonly RoomKind[]) {
  return {
    /** Notes that Kafka has all events of each room up to a seq. */
    async raise(seqs: ReadonlyMap<number, number>): Promise<void> {
      await db`
        insert into kafka_published as known (room_id, seq)
        select room_id, seq from unnest(${[...seqs.keys()]}::integer[], ${[...seqs.values()]}::bigint[]) as given (room_id, seq)
          join rooms on rooms.id = room_id
        order by room_id
        on conflict (room_id) do update set seq = excluded.seq where known.seq < excluded.seq`;
    },

    /** For a Kafka that has less than was noted, because it lost its data or is another one. */
    async lower(seqs: ReadonlyMap<number, number>): Promise<void> {
      await db`
        update kafka_published set seq = given.seq
        from unnest(${[...seqs.keys()]}::integer[], ${[...seqs.values()]}::bigint[]) as given (room_id, seq)
        where kafka_published.room_id = given.room_id and kafka_published.seq > given.seq`;
    },

    /** A page of what is noted, in the order of the rooms' ids. @param after an id. */
    list(after: number, max: number): Promise<Mirrored[]> {
      return db<Mirrored[]>`
        select id, name, seq::float8 as seq, last_seq::float8 as "lastSeq"
        from kafka_published join rooms on id = room_id where id > ${after} order by id limit ${max}`;
    },

    /**
     * How many events of how many rooms Kafka lacks, by their seqs and without the steps between epochs. Some seqs have no event, so
     * there may be fewer.
     */
    async countBehind(): Promise<{ rooms: number; events: number }> {
      const [row] = await db<{ rooms: number; events: number }[]>`
        select count(*)::integer as rooms, coalesce(sum(greatest(0, seqs - ${EPOCH_STEP}::bigint * steps)), 0)::float8 as events
        from (
          select id, last_seq, coalesce(seq, 0) as published from rooms left join kafka_published on room_id = id
          where kind = any(${[...kinds]}::text[]) and last_seq > coalesce(seq, 0)
        ) behind
        cross join lateral (
          select coalesce(sum(span.last_seq - above), 0) as seqs,
            coalesce(sum((select count(*) from room_epochs where room_id = behind.id and base > above and base < span.last_seq)), 0) as steps
          from room_days span cross join lateral (select greatest(span.first_seq - 1, published) as above) begun
          where span.room_id = behind.id and span.last_seq > published and span.first_seq <= behind.last_seq
        ) counted`;
      return row ?? { rooms: 0, events: 0 };
    },

    /** Whether Kafka lacks events of a day (`2026-11-22`). */
    async isNeeded(day: string): Promise<boolean> {
      const [row] = await db<{ found: boolean }[]>`
        select exists (
          select from room_days
            join rooms on rooms.id = room_days.room_id and kind = any(${[...kinds]}::text[])
            left join kafka_published on kafka_published.room_id = rooms.id
          where day = ${day} and room_days.last_seq > coalesce(kafka_published.seq, 0)
        ) as found`;
      return row?.found === true;
    },
  };
}
