/** SQL of a replay: where it begins and ends. */
import type { Db } from "../../shared/server/postgres/pool.ts";

/** Days as `2026-11-22`, both inclusive. */
export type ReplayedDays = { from: string; until: string };
/** `above`: the seq of the room's event before the first one; 0: there is none. `upTo`: the seq of the last one. */
export type ReplayedSeqs = { above: number; upTo: number };

export function createReplayQueries(db: Db) {
  return {
    /** @returns undefined when the room has no events on these days. */
    async findSeqs(room: string, { from, until }: ReplayedDays): Promise<ReplayedSeqs | undefined> {
      const [range] = await db<{ id: number; first: number | null; upTo: number }[]>`
        select id, min(first_seq)::float8 as first, least(rooms.last_seq, max(room_days.last_seq))::float8 as "upTo"
        from rooms join room_days on room_id = id
        where name = ${room} and day between ${from} and ${until} group by id`;
      if (!range?.first) return undefined;
      const { id, first, upTo } = range;
      const [before] = await db<{ day: string }[]>`
        select day::text from room_days where room_id = ${id} and first_seq < ${first} order by least(last_seq, ${first - 1}) desc limit 1`;
      if (!before) return { above: 0, upTo };
      const [row] = await db<{ seq: number }[]>`
        select seq::float8 as seq from messages where room_id = ${id} and day = ${before.day} and seq < ${first} order by seq desc limit 1`;
      return { above: row?.seq ?? 0, upTo };
    },
  };
}
