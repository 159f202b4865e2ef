/** SQL of the indexes of words, which each partition of `messages` has of its own: one, or those of slices while its day is not over. */
import type { Db } from "../shared/server/postgres/pool.ts";
import { clockOf, type Slice, suffixOf } from "../shared/server/postgres/word-slices.ts";

type SliceIndex = Slice & { day: string; isValid: boolean; isBeingBuilt: boolean; isOver: boolean };

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

    /** The indexes of slices of all days. `isOver`: the whole day has an index. */
    async findSlices(): Promise<SliceIndex[]> {
      return db<SliceIndex[]>`
        with found as (
          select to_char(to_date(substring(relname from 10 for 8), 'YYYYMMDD'), 'YYYY-MM-DD') as day,
            substring(relname from '_words_(..)')::integer as from, substring(relname from '_words_..(..)')::integer as to,
            indisvalid as "isValid", indexrelid
          from pg_index join pg_class on pg_class.oid = indexrelid
          where relname ~ '^messages_[0-9]{8}_words(_[0-9]{4})?$'
            and indrelid in (select inhrelid from pg_inherits where inhparent = 'messages'::regclass)
        )
        select day, "from", "to", "isValid",
          exists (select from pg_stat_progress_create_index where index_relid = indexrelid) as "isBeingBuilt",
          exists (select from found whole where whole.day = found.day and whole.from is null and whole."isValid") as "isOver"
        from found where "from" is not null`;
    },

    /** Whether a slice of a day has so many rows. */
    async hasRows(day: string, { from, to }: Slice, min: number): Promise<boolean> {
      const [found] = await db<{ count: number }[]>`
        select count(*)::integer as count from (
          select from messages where day = ${day} and time >= ${clockOf(from)} and time < ${clockOf(to)} limit ${min}) found`;
      return (found?.count ?? 0) >= min;
    },

    /** @param day as `2026-11-22`, only from the functions above: DDL takes no parameters. */
    async dropWords(day: string, slice?: Slice): Promise<void> {
      await db.unsafe(`drop index concurrently if exists ${indexOf(day, slice)}`);
    },

    /** Writers of the day do not wait for it. Its statistics say which words are rare. */
    async buildWords(day: string, slice?: Slice): Promise<void> {
      // Its end comes first, so that a later row costs one comparison for each earlier slice.
      const during = slice ? `time < '${clockOf(slice.to)}' and time >= '${clockOf(slice.from)}' and ` : "";
      await db.unsafe(
        `create index concurrently if not exists ${indexOf(day, slice)} on ${partitionOf(day)}
        using gin ((message_words(room_id, text) collate "C")) where ${during}kind = 'message' and not deleted`,
      );
      await db.unsafe(`analyze ${partitionOf(day)}`);
    },
  };
}

function partitionOf(day: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new RangeError(`${day} is no day`);
  return `messages_${day.replaceAll("-", "")}`;
}

function indexOf(day: string, slice: Slice | undefined): string {
  return partitionOf(day) + (slice ? suffixOf(slice) : "_words");
}
