/** SQL of the index of words, which each partition of `messages` has of its own. */
import type { Db } from "../shared/server/postgres/pool.ts";

export function createWordIndexQueries(db: Db) {
  return {
    /**
     * The newest day before `today` without a whole index, and the number of such days. `isBroken`: a build of it was cut
     * off. A day whose index is being built by another worker is left out.
     */
    async nextWithoutWords(
      today: string,
    ): Promise<{ day: string; left: number; isBroken: boolean } | undefined> {
      const [next] = await db<{ day: string; left: number; isBroken: boolean }[]>`
        with days as (
          select child.oid, to_char(to_date(right(child.relname, 8), 'YYYYMMDD'), 'YYYY-MM-DD') as day, words.indisvalid
          from pg_inherits join pg_class child on child.oid = inhrelid
          left join pg_class named on named.relname = child.relname || '_words' and named.relnamespace = child.relnamespace
          left join pg_index words on words.indexrelid = named.oid
          where inhparent = 'messages'::regclass and child.relname ~ '^messages_[0-9]{8}$'
        )
        select day, indisvalid is not null as "isBroken", count(*) over ()::integer as left from days
        where day < ${today} and indisvalid is not true
          and not exists (select from pg_stat_progress_create_index where relid = days.oid)
        order by day desc limit 1`;
      return next;
    },

    /** @param day as `2026-11-22`, only from `nextWithoutWords`: DDL takes no parameters. */
    async dropBroken(day: string): Promise<void> {
      await db.unsafe(`drop index concurrently if exists ${indexOf(day)}`);
    },

    /** Writers of the day do not wait for it. Its statistics say which words are rare. */
    async buildWords(day: string): Promise<void> {
      const index = indexOf(day);
      const table = index.replace(/_words$/, "");
      await db.unsafe(
        `create index concurrently if not exists ${index} on ${table} using gin ((message_words(room_id, text) collate "C"))
        where kind = 'message' and not deleted`,
      );
      await db.unsafe(`analyze ${table}`);
    },
  };
}

function indexOf(day: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new RangeError(`${day} is no day`);
  return `messages_${day.replaceAll("-", "")}_words`;
}
