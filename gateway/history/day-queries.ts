/** SQL of the map of days: which days hold which seqs of a room. */
import type { Db } from "../../shared/server/postgres/pool.ts";
import type { KeptSince } from "../room-log/retention.ts";
import type { RoomSpan, Stretch } from "./day-memory.ts";
import { LOWEST } from "./day-walk.ts";

type SpanRow = { roomId: number; day: string; first: string; last: string };

export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const spanOf = ({ roomId, day, first, last }: SpanRow): RoomSpan => ({
  ...{ roomId, day },
  first: Number(first),
  last: Number(last),
});

/** @param keptSince earlier days are in no answer. */
export function createDayQueries(db: Db, keptSince: KeptSince) {
  const oldest = (): string => dayOf(keptSince());
  /** A day that is not mapped yet may hold any seq, so it is in every answer. */
  const unmapped = db`
    select day, 0::bigint as first, ${Number.MAX_SAFE_INTEGER}::bigint as last from unmapped_days`;

  return {
    /** The highest days with seqs below one. @param max more are not read. @param from the first day. */
    async daysBelow(room: string, below: number, max: number, from: string): Promise<Stretch> {
      const rows = await db<(SpanRow & { stored: string })[]>`
        select r.id as "roomId", r.last_seq as stored, day::text, first, last from rooms r cross join lateral (
          (select day, first_seq as first, last_seq as last from room_days
            where room_id = r.id and first_seq < ${below} and day >= ${from}
            order by last_seq desc limit ${max})
          union all ${unmapped}
        ) span where r.name = ${room} and day >= ${from} order by last desc`;
      const spans = rows.map(spanOf);
      const above = rows.length < max ? LOWEST : (spans.at(-1)?.last ?? LOWEST);
      return { spans, above, below: Math.min(below, Number(rows[0]?.stored ?? 0) + 1) };
    },

    /** The lowest days with seqs above one. @param max more are not read. */
    async daysAbove(room: string, above: number, max: number): Promise<RoomSpan[]> {
      const rows = await db<SpanRow[]>`
        select r.id as "roomId", day::text, first, last from rooms r cross join lateral (
          (select day, first_seq as first, last_seq as last from room_days
            where room_id = r.id and last_seq > ${above} and day >= ${oldest()}
            order by first_seq limit ${max})
          union all ${unmapped}
        ) span where r.name = ${room} and day >= ${oldest()} order by first`;
      return rows.map(spanOf);
    },

    /** The first seq of the import that a message of a room came with; undefined: it was sent. */
    async importOf(room: string, seq: number): Promise<number | undefined> {
      const [found] = await db<{ first: number }[]>`
        select first_seq::float8 as first from imported_rooms join rooms on rooms.id = room_id
        where rooms.name = ${room} and first_seq <= ${seq} and next_seq > ${seq}`;
      return found?.first;
    },

    /** The days that may hold some of these seqs. */
    async daysHolding(room: string, seqs: readonly number[]): Promise<RoomSpan[]> {
      const rows = await db<SpanRow[]>`
        select r.id as "roomId", day::text, first, last from rooms r cross join lateral (
          select day, first_seq as first, last_seq as last from room_days
          where room_id = r.id
            and exists (select from unnest(${[...seqs]}::bigint[]) as wanted (seq) where seq between first_seq and last_seq)
          union all ${unmapped}
        ) span where r.name = ${room} and day >= ${oldest()}`;
      return rows.map(spanOf);
    },
  };
}
