/**
 * SQL that reads the archive. Every statement on `messages` names the room by number and the days by value, so that
 * PostgreSQL opens only those partitions.
 */

import type { ArchivedEvent } from "../../shared/server/events/archived-event.ts";
import type { Db } from "../../shared/server/postgres/pool.ts";
import type { KeptSince } from "../room-log/retention.ts";
import type { DayMemory, RoomSpan } from "./day-memory.ts";
import { createDayQueries, dayOf } from "./day-queries.ts";
import { type Days, LOWEST, walkDays } from "./day-walk.ts";

export type ArchiveQueries = ReturnType<typeof createArchiveQueries>;

export type SentMessage = { userId: string; clientId: string; seq: number };

/** @returns the client ids of events that are not older. */
export function sentSince(events: ArchivedEvent[], sinceMs: number): SentMessage[] {
  return events.flatMap(({ userId, clientId, seq, at }) =>
    userId && clientId && at >= sinceMs ? [{ userId, clientId, seq }] : [],
  );
}

export type ArchivedRow = Omit<ArchivedEvent, "seq" | "at"> & { seq: string; at: string };
const eventOf = (row: ArchivedRow): ArchivedEvent => ({ ...row, seq: Number(row.seq), at: Number(row.at) });
/**
 * Empties the library's result, because results that were used survive every minor collection of garbage until the next
 * major one, and their rows with them.
 */
export function eventsOf(rows: ArchivedRow[]): ArchivedEvent[] {
  const events = rows.map(eventOf);
  rows.length = 0;
  return events;
}
/** Negates seqs, so that code which reads downward reads upward: the highest seq becomes the lowest. */
const turned = (spans: RoomSpan[], max: number): Days<RoomSpan> => ({
  spans: spans.map((span) => ({ ...span, first: -span.last, last: -span.first })),
  above: spans.length < max ? LOWEST : -(spans.at(-1)?.first ?? -LOWEST),
});
/** The parameters of a statement: the room's number, and each day once. */
export const placeOf = (spans: RoomSpan[]): { roomId: number; days: string[] } => ({
  roomId: spans[0]?.roomId ?? 0,
  days: [...new Set(spans.map(({ day }) => day))],
});

const NO_MEMORY: DayMemory = { below: (_room, _below, read) => read() };

/** Max rows per statement when client ids are read. */
const CLIENT_IDS_AT_ONCE = 5_000;

/** Columns of a message as `ArchivedRow`. */
export const columnsOf = (db: Db) => db`
  m.seq, m.kind, m.user_id as "userId", m.nickname, m.client_id as "clientId", m.text, m.deleted, m.data,
  (extract(epoch from (m.day + m.time)) * 1000)::bigint as at`;

/**
 * Reads of the archive, in a transaction or outside.
 * @param keptSince events of earlier days are not read, because nobody may see them.
 * @param memory of the days that pages were read from.
 */
export function createArchiveQueries(db: Db, keptSince: KeptSince = () => 0, memory: DayMemory = NO_MEMORY) {
  const oldest = (): string => dayOf(keptSince());
  const { daysBelow, daysAbove, daysHolding, importOf } = createDayQueries(db, keptSince);

  /** Events below a seq, newest first. None of a room that was deleted since its days were read. */
  const readBelow = (
    before: number,
    max: number,
    daysBelow: (below: number, max: number) => Promise<Days<RoomSpan>>,
  ): Promise<ArchivedEvent[]> =>
    walkDays(before, max, {
      daysBelow,
      read: async (spans, above, below, count) => {
        const { roomId, days } = placeOf(spans);
        const rows = await db<ArchivedRow[]>`
          select ${columnsOf(db)} from messages m
          where m.room_id = ${roomId} and m.day = any(${days}::date[]) and m.seq < ${below} and m.seq > ${above}
            and exists (select from rooms where id = ${roomId})
          order by m.seq desc limit ${count}`;
        return eventsOf(rows);
      },
    });

  /** Events above a seq, oldest first. @param deleting only deletions of this seq. */
  const readAfter = (room: string, after: number, max: number, deleting?: number) =>
    walkDays(-after, max, {
      daysBelow: async (below, count) => turned(await daysAbove(room, -below, count), count),
      read: async (spans, above, below, count) => {
        const { roomId, days } = placeOf(spans);
        const only =
          deleting === undefined
            ? db``
            : db`and m.kind = 'deleted' and m.data @> ${db.json({ target: deleting })}`;
        const rows = await db<ArchivedRow[]>`
          select ${columnsOf(db)} from messages m
          where m.room_id = ${roomId} and m.day = any(${days}::date[]) and m.seq > ${-below} and m.seq < ${-above} ${only}
          order by m.seq limit ${count}`;
        return eventsOf(rows);
      },
    });

  /** The worker blanks a message in the transaction that writes its deletion, so a message with its text has none. */
  const deletionOf = async (
    room: string,
    { seq, deleted, data }: ArchivedRow,
  ): Promise<number | undefined> => {
    if (!deleted) return undefined;
    if (typeof data?.deletion === "number") return data.deletion;
    // The message was blanked before releases noted the deletion in its row.
    const [deletion] = await readAfter(room, Number(seq), 1, Number(seq));
    return deletion?.seq;
  };

  return {
    /**
     * Client ids of the messages since a time, for an emptied Redis. Reads from the newest back in batches, because no
     * index has times. They do not decrease within a room, except in an import, which is skipped from the first line
     * that is too old.
     */
    async clientIdsSince(room: string, sinceMs: number): Promise<SentMessage[]> {
      const sent: SentMessage[] = [];
      const day = dayOf(sinceMs);
      const from = day > oldest() ? day : oldest();
      for (let below: number | undefined = Number.MAX_SAFE_INTEGER; below !== undefined; ) {
        const rows = await readBelow(below, CLIENT_IDS_AT_ONCE, (...place) =>
          daysBelow(room, ...place, from),
        );
        sent.push(...sentSince(rows, sinceMs));
        const last: ArchivedEvent | undefined = rows.at(-1);
        if (!last || rows.length < CLIENT_IDS_AT_ONCE) break;
        below = last.at >= sinceMs ? last.seq : await importOf(room, last.seq);
      }
      return sent;
    },

    /** Events below a seq, newest first. */
    archived(room: string, before: number, max: number): Promise<ArchivedEvent[]> {
      const from = oldest();
      return readBelow(before, max, async (below, count) => {
        const { spans, above } = await memory.below(room, below, () => daysBelow(room, below, count, from));
        return { spans: spans.filter(({ day }) => day >= from), above };
      });
    },

    /** Events above a seq, oldest first. */
    archivedAfter: (room: string, after: number, max: number): Promise<ArchivedEvent[]> =>
      readAfter(room, after, max),

    /**
     * @returns one event; undefined when there is none of that seq. `deletion`: the seq of the event that deleted it.
     */
    async find(
      room: string,
      seq: number,
    ): Promise<(ArchivedEvent & { deletion: number | undefined }) | undefined> {
      const [row] = await readSome(room, [seq]);
      return row && { ...eventOf(row), deletion: await deletionOf(room, row) };
    },

    /** The events with these seqs, in no order. */
    findAll: async (room: string, seqs: readonly number[]): Promise<ArchivedEvent[]> =>
      eventsOf(await readSome(room, seqs)),
  };

  async function readSome(room: string, seqs: readonly number[]): Promise<ArchivedRow[]> {
    const { roomId, days } = placeOf(await daysHolding(room, seqs));
    return db<ArchivedRow[]>`
      select ${columnsOf(db)} from messages m
      where m.room_id = ${roomId} and m.day = any(${days}::date[]) and m.seq = any(${[...seqs]}::bigint[])`;
  }
}
