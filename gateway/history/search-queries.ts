/** SQL that finds messages of a room by their words. As in archive-queries.ts, a statement names the days it opens. */

import type { ArchivedEvent } from "../../shared/server/events/archived-event.ts";
import type { Db } from "../../shared/server/postgres/pool.ts";
import { clockOf, type Slice, slicesFromMidnight } from "../../shared/server/postgres/word-slices.ts";
import type { KeptSince } from "../room-log/retention.ts";
import { type ArchivedRow, columnsOf, eventsOf, placeOf } from "./archive-queries.ts";
import type { RoomSpan } from "./day-memory.ts";
import { createDayQueries, dayOf } from "./day-queries.ts";

export type SearchQueries = ReturnType<typeof createSearchQueries>;
/** Seqs between two, both exclusive. */
export type SeqRange = { above: number; below: number };
/** `days`: with an index of words of all of it. `slices`: of other days, as `slicesFromMidnight` returns them. */
export type Indexed = { days: ReadonlySet<string>; slices: ReadonlyMap<string, Slice[]> };

/** No other letter becomes one of these in lower case. */
const HANGUL = /^[\p{Script=Hangul}\d]+$/u;
const HANGUL_AND_ASCII = /^[\p{Script=Hangul}\x21-\x7e]+$/u;

/** Half the time of a row that is read is its lower case in Unicode, so it is left out where it makes no difference. */
function holds(db: Db, word: string) {
  if (HANGUL.test(word)) return db`and strpos(m.text, ${word}) > 0`;
  // In a statement that is planned for any word, the lower case of the word would be worked out for each row.
  if (HANGUL_AND_ASCII.test(word))
    return db`and strpos(lower(m.text collate "C"), ${word.toLowerCase()}) > 0`;
  return db`and strpos(lower(m.text), lower(${word})) > 0`;
}

/** Messages of these slices. As texts, because an index is used only where any plan of the statement proves that it has the rows. */
function within(db: Db, slices: readonly Slice[]) {
  const spans = slices.map(({ from, to }) => `(m.time >= '${clockOf(from)}' and m.time < '${clockOf(to)}')`);
  return db`and (${db.unsafe(spans.join(" or "))})`;
}

/** @param keptSince messages of earlier days are not found. */
export function createSearchQueries(db: Db, keptSince: KeptSince = () => 0) {
  const { daysBelow } = createDayQueries(db, keptSince);

  const find = async (
    room: string,
    spans: RoomSpan[],
    { above, below }: SeqRange,
    words: readonly string[],
    max: number,
    slices?: readonly Slice[],
  ): Promise<ArchivedEvent[]> => {
    const { roomId, days } = placeOf(spans);
    const indexed = slices
      ? db`and (message_words(m.room_id, m.text) collate "C") @> message_words(${roomId}, ${words.join(" ")})`
      : db``;
    const rows = await db<ArchivedRow[]>`
      select ${columnsOf(db)} from messages m
      where m.room_id = ${roomId} and m.day = any(${days}::date[]) and m.seq < ${below} and m.seq > ${above}
        and m.kind = 'message' and not m.deleted ${indexed} ${slices?.length ? within(db, slices) : db``}
        ${words.map((word) => holds(db, word))}
        and exists (select from rooms where id = ${roomId} and name = ${room})
      order by m.seq desc limit ${max}`;
    return eventsOf(rows);
  };

  return {
    /** The highest days with seqs below one; `below`: no stored event has that seq or a higher one. */
    daysBelow: (room: string, below: number, max: number) => daysBelow(room, below, max, dayOf(keptSince())),

    async indexed(): Promise<Indexed> {
      const rows = await db<{ day: string; from: number | null; to: number | null }[]>`
        select to_char(to_date(substring(relname from 10 for 8), 'YYYYMMDD'), 'YYYY-MM-DD') as day,
          substring(relname from '_words_(..)')::integer as from, substring(relname from '_words_..(..)')::integer as to
        from pg_index join pg_class on pg_class.oid = indexrelid
        where indisvalid and relname ~ '^messages_[0-9]{8}_words(_[0-9]{4})?$'
          and indrelid in (select inhrelid from pg_inherits where inhparent = 'messages'::regclass)`;
      const days = new Set(rows.filter(({ from }) => from === null).map(({ day }) => day));
      const parts = rows.flatMap(({ day, from, to }) =>
        from === null || to === null ? [] : [{ day, from, to }],
      );
      const byDay = [...Map.groupBy(parts, ({ day }) => day)];
      return { days, slices: new Map(byDay.map(([day, slices]) => [day, slicesFromMidnight(slices)])) };
    },

    /**
     * Reads a room's rows of a day upward while they are earlier than an hour, at most `max`.
     * @returns `upTo`: all rows up to that seq are earlier. `isEnd`: the next one is not.
     */
    async earlierThan(
      { roomId, day }: RoomSpan,
      hour: number,
      { above, below }: SeqRange,
      max: number,
    ): Promise<{ upTo: number; isEnd: boolean }> {
      const [row] = await db<{ later: number | null; last: number | null; count: number }[]>`
        select min(seq) filter (where time >= ${clockOf(hour)})::float8 as later, max(seq)::float8 as last, count(*)::integer as count
        from (select seq, time from messages
          where room_id = ${roomId} and day = ${day} and seq > ${above} and seq < ${below} order by seq limit ${max}) piece`;
      if (row?.later) return { upTo: row.later - 1, isEnd: true };
      return { upTo: row?.last && row.count === max ? row.last : below - 1, isEnd: false };
    },

    /** Newest messages with all the words, out of days that have an index; `slices`: out of these parts of them. */
    lookUp: (
      room: string,
      spans: RoomSpan[],
      range: SeqRange,
      words: readonly string[],
      max: number,
      slices: readonly Slice[] = [],
    ) => find(room, spans, range, words, max, slices),

    /** The same, reading every row of the range. */
    scan: (room: string, spans: RoomSpan[], range: SeqRange, words: readonly string[], max: number) =>
      find(room, spans, range, words, max),
  };
}
