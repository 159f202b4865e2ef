/** SQL that finds the messages of one author in a room's archive. */
import type { Db } from "../../shared/server/postgres/pool.ts";
import { dayOf } from "./day-queries.ts";

/** `lowest`: seq of the author's first message in that time; undefined: they have none. `upTo`: PostgreSQL has all events up to there. */
type SpokenSince = { lowest: number | undefined; upTo: number };

const HOUR_MS = 3_600_000;

export function createAuthorQueries(db: Db) {
  return {
    /**
     * Looks at the last hour's days, and there at the newest rows of the room, at most `max`, because no index has authors or times.
     * @returns undefined when there is no such room.
     */
    async spokenSince(
      room: string,
      author: string,
      sinceMs: number,
      max: number,
    ): Promise<SpokenSince | undefined> {
      // Before the rows: they hold at least everything up to there.
      const [place] = await db<{ id: number; upTo: number }[]>`
        select id, last_seq::float8 as "upTo" from rooms where name = ${room}`;
      if (place === undefined) return undefined;
      const days = [...new Set([dayOf(sinceMs), dayOf(sinceMs + HOUR_MS)])];
      const [found] = await db<{ lowest: number | null }[]>`
        select min(seq)::float8 as lowest from (
          select m.seq, m.day, m.time, m.user_id, m.deleted from messages m
          where m.room_id = ${place.id} and m.day = any(${days}::date[])
          order by m.seq desc limit ${max}
        ) newest
        where user_id = ${author}::uuid and not deleted
          and day + time >= to_timestamp(${sinceMs}::float8 / 1000) at time zone 'UTC'`;
      return { lowest: found?.lowest ?? undefined, upTo: place.upTo };
    },
  };
}
