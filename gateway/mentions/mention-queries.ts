/** SQL that lists a user's mentions. Their messages are read by history/archive-queries.ts. */
import type { Db } from "../../shared/server/postgres/pool.ts";

export type MentionQueries = ReturnType<typeof createMentionQueries>;
/** A message that concerns a user, in PostgreSQL. */
type StoredMention = { room: string; seq: number; at: number };

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** @param keptSince those of earlier days are in no answer. */
export function createMentionQueries(db: Db, keptSince: () => number) {
  return {
    /** The newest mentions of a user that are not newer than a time, newest first, then by seq. */
    async listOf(userId: string, upTo: number, max: number): Promise<StoredMention[]> {
      const rows = await db<StoredMention[]>`
        select r.name as room, n.seq::float8 as seq,
          (extract(epoch from n.at) * 1000)::float8 as at
        from mentions n join rooms r on r.id = n.room_id
        where n.user_id = ${userId} and n.day >= ${dayOf(keptSince())}
          and n.at <= timestamptz 'epoch' + ${upTo}::float8 * interval '1 millisecond'
        order by n.at desc, n.seq desc limit ${max}`;
      return [...rows];
    },
  };
}
