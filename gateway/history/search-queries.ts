/** SQL that finds messages of a room by their words. As in archive-queries.ts, a statement names the days it opens. */

import type { ArchivedEvent } from "../../shared/server/events/archived-event.ts";
import type { Db } from "../../shared/server/postgres/pool.ts";
import type { KeptSince } from "../room-log/retention.ts";
import { type ArchivedRow, columnsOf, eventsOf, placeOf } from "./archive-queries.ts";
import type { RoomSpan } from "./day-memory.ts";
import { createDayQueries, dayOf } from "./day-queries.ts";

export type SearchQueries = ReturnType<typeof createSearchQueries>;
/** Seqs between two, both exclusive. */
export type SeqRange = { above: number; below: number };

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

/** @param keptSince messages of earlier days are not found. */
export function createSearchQueries(db: Db, keptSince: KeptSince = () => 0) {
  const { daysBelow } = createDayQueries(db, keptSince);

  const find = async (
    room: string,
    spans: RoomSpan[],
    { above, below }: SeqRange,
    words: readonly string[],
    max: number,
    byWords: boolean,
  ): Promise<ArchivedEvent[]> => {
    const { roomId, days } = placeOf(spans);
    const indexed = byWords
      ? db`and (message_words(m.room_id, m.text) collate "C") @> message_words(${roomId}, ${words.join(" ")})`
      : db``;
    const rows = await db<ArchivedRow[]>`
      select ${columnsOf(db)} from messages m
      where m.room_id = ${roomId} and m.day = any(${days}::date[]) and m.seq < ${below} and m.seq > ${above}
        and m.kind = 'message' and not m.deleted ${indexed}
        ${words.map((word) => holds(db, word))}
        and exists (select from rooms where id = ${roomId} and name = ${room})
      order by m.seq desc limit ${max}`;
    return eventsOf(rows);
  };

  return {
    /** The highest days with seqs below one; `below`: no stored event has that seq or a higher one. */
    daysBelow: (room: string, below: number, max: number) => daysBelow(room, below, max, dayOf(keptSince())),

    /** The days that have an index of words. */
    async indexedDays(): Promise<string[]> {
      const rows = await db<{ day: string }[]>`
        select to_char(to_date(substring(relname from 10 for 8), 'YYYYMMDD'), 'YYYY-MM-DD') as day
        from pg_index join pg_class on pg_class.oid = indexrelid
        where indisvalid and relname ~ '^messages_[0-9]{8}_words$'
          and indrelid in (select inhrelid from pg_inherits where inhparent = 'messages'::regclass)`;
      return rows.map(({ day }) => day);
    },

    /** Newest messages with all the words, out of days that have an index. */
    lookUp: (room: string, spans: RoomSpan[], range: SeqRange, words: readonly string[], max: number) =>
      find(room, spans, range, words, max, true),

    /** The same, reading every row of the range. */
    scan: (room: string, spans: RoomSpan[], range: SeqRange, words: readonly string[], max: number) =>
      find(room, spans, range, words, max, false),
  };
}
