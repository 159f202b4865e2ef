/** SQL of the price of a search: an archive of days, the variants of writing it, and its size. */
import type { Sql } from "../../shared/server/postgres/pool.ts";
import { createWordIndexQueries } from "../../worker/word-index-queries.ts";

/** Triggers of `messages` that not every release had. */
export const TRIGGERS = ["note_mentions", "apply_reactions", "note_pins"] as const;
export type Trigger = (typeof TRIGGERS)[number];
/** Rows of one room on one day, with seqs from `first` on. */
export type Piece = { room: string; day: string; first: number; count: number };

export function createSearchPriceQueries(sql: Sql) {
  return {
    addRooms: (names: readonly string[]) =>
      sql`insert into rooms (name, title) select name, name from unnest(${[...names]}::text[]) as given (name)`,

    /** Messages of two to six words, of which the first of the list are the most frequent, as in a language. `rare`: every so many rows have these. */
    async fill(piece: Piece, words: readonly string[], rare: { words: readonly string[]; every: number }) {
      const { room, day, first, count } = piece;
      await sql`
        insert into messages (room_id, seq, day, time, kind, user_id, nickname, client_id, text, deleted)
        select rooms.id, ${first}::bigint + n, ${day}::date, time '00:00' + n * interval '86399 seconds' / ${count},
          'message', ('01936f6e-0000-7000-8000-' || lpad((n % 500)::text, 12, '0'))::uuid, 'writer ' || n % 500, 'c' || n,
          case when (${first}::bigint + n) % 100 = 7 then null else left(case
            when (${first}::bigint + n) % ${rare.every} = 1 then (${[...rare.words]}::text[])[1 + n % ${rare.words.length}] || ' '
            else '' end || said.text, 30) end,
          (${first}::bigint + n) % 100 = 7
        from rooms, generate_series(0, ${count}::integer - 1) n, lateral (
          select string_agg((${[...words]}::text[])[1 + floor(power(random(), 3) * ${words.length})], ' ') as text
          from generate_series(1, 2 + n % 5)
        ) said
        where rooms.name = ${room}`;
      await sql`update rooms set last_seq = ${first + count - 1} where name = ${room}`;
    },

    /** As autovacuum leaves it. */
    settle: () => sql`vacuum (analyze) messages`,

    /** The archive of an earlier run, if it has all its days. */
    async findFilled(
      days: number,
    ): Promise<{ seqs: { big: number; small: number }; today: string } | undefined> {
      const [found] = await sql<{ big: number; small: number; today: string }[]>`
        select max(map.last_seq) filter (where name = 'big')::float8 as big,
          max(map.last_seq) filter (where name = 'small')::float8 as small,
          to_char(max(day) filter (where name = 'big'), 'YYYY-MM-DD') as today
        from room_days map join rooms on rooms.id = map.room_id
        having count(*) filter (where name = 'small') = ${days}`;
      return found && { seqs: found, today: found.today };
    },

    /** Bytes of the rows, and of the indexes of words. */
    async size(): Promise<{ rows: number; words: number }> {
      const [found] = await sql<{ rows: number; words: number }[]>`
        select sum(pg_table_size(inhrelid))::float8 as rows,
          (select sum(pg_relation_size(oid))::float8 from pg_class where relname ~ '^messages_[0-9]{8}_words(_[0-9]{4})?$') as words
        from pg_inherits where inhparent = 'messages'::regclass`;
      return found ?? { rows: 0, words: 0 };
    },

    async setTriggers(off: readonly Trigger[]): Promise<void> {
      for (const trigger of TRIGGERS)
        await sql.unsafe(
          `alter table messages ${off.includes(trigger) ? "disable" : "enable"} trigger ${trigger}`,
        );
    },

    /** Leaves a day without an index of words, or with one of all of it. @param day only from code: DDL takes no parameters. */
    async setWords(day: string, isThere: boolean): Promise<void> {
      const { findSlices, dropWords, buildWords } = createWordIndexQueries(sql);
      for (const slice of await findSlices()) await dropWords(day, slice);
      if (isThere) await buildWords(day);
      else await dropWords(day);
    },

    /** Rows from a seq on, of a day that is one of few, so that every variant begins with the same. */
    async removeWritten(day: string, from: number): Promise<void> {
      await sql`delete from messages where day = ${day} and seq >= ${from}`;
      await sql`delete from mentions where seq >= ${from}`;
      await sql.unsafe(`vacuum (analyze) messages_${day.replaceAll("-", "")}, mentions`);
    },
  };
}
