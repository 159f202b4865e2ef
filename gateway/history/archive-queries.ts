/**
 * SQL that reads the archive. Every statement on `messages` names the room by number and the days by value, so that
 * PostgreSQL opens only those partitions.
 */

import type { Db } from "../../shared/server/postgres/pool.ts";
import type { ArchivedEvent } from "../events/archived-event.ts";
import type { KeptSince } from "../room-log/retention.ts";
import { type DaySpan, walkDays } from "./day-walk.ts";

export type ArchiveQueries = ReturnType<typeof createArchiveQueries>;

export type SentMessage = { userId: string; clientId: string; seq: number };

/** @returns the client ids of events that are not older. */
export function sentSince(events: ArchivedEvent[], sinceMs: number): SentMessage[] {
  return events.flatMap(({ userId, clientId, seq, at }) =>
    userId && clientId && at >= sinceMs ? [{ userId, clientId, seq }] : [],
  );
}

type ArchivedRow = Omit<ArchivedEvent, "seq" | "at"> & { seq: string; at: string };
type SpanRow = { roomId: number; day: string; first: string; last: string };
type RoomSpan = DaySpan & { roomId: number };

const eventOf = (row: ArchivedRow): ArchivedEvent => ({ ...row, seq: Number(row.seq), at: Number(row.at) });
const spanOf = ({ roomId, day, first, last }: SpanRow): RoomSpan => ({
  ...{ roomId, day },
  first: Number(first),
  last: Number(last),
});
/** Negates seqs, so that code which reads downward reads upward: the highest seq becomes the lowest. */
const turned = (span: RoomSpan): RoomSpan => ({ ...span, first: -span.last, last: -span.first });
/** The parameters of a statement: the room's number, and each day once. */
const placeOf = (spans: RoomSpan[]): { roomId: number; days: string[] } => ({
  roomId: spans[0]?.roomId ?? 0,
  days: [...new Set(spans.map(({ day }) => day))],
});

/** Max rows per statement when client ids are read. */
const CLIENT_IDS_AT_ONCE = 5_000;

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Columns of a message as `ArchivedRow`. */
const columnsOf = (db: Db) => db`
  m.seq, m.kind, m.user_id as "userId", m.nickname, m.client_id as "clientId", m.text, m.deleted, m.data,
  (extract(epoch from (m.day + m.time)) * 1000)::bigint as at`;

/**
 * Reads of the archive, in a transaction or outside.
 * @param keptSince events of earlier days are not read, because nobody may see them.
 */
export function createArchiveQueries(db: Db, keptSince: KeptSince = () => 0) {
  const oldest = (): string => dayOf(keptSince());
  /** A day that is not mapped yet may hold any seq, so it is in every answer. */
  const unmapped = db`
    select day, 0::bigint as first, ${Number.MAX_SAFE_INTEGER}::bigint as last from unmapped_days`;

  const spansBelow = async (room: string, below: number, max: number, from: string): Promise<RoomSpan[]> => {
    const rows = await db<SpanRow[]>`
      select r.id as "roomId", day::text, first, last from rooms r cross join lateral (
        (select day, first_seq as first, last_seq as last from room_days
          where room_id = r.id and first_seq < ${below} and day >= ${from}
          order by last_seq desc limit ${max})
        union all ${unmapped}
      ) span where r.name = ${room} and day >= ${from} order by last desc`;
    return rows.map(spanOf);
  };

  const spansAbove = async (room: string, above: number, max: number): Promise<RoomSpan[]> => {
    const rows = await db<SpanRow[]>`
      select r.id as "roomId", day::text, first, last from rooms r cross join lateral (
        (select day, first_seq as first, last_seq as last from room_days
          where room_id = r.id and last_seq > ${above} and day >= ${oldest()}
          order by first_seq limit ${max})
        union all ${unmapped}
      ) span where r.name = ${room} and day >= ${oldest()} order by first`;
    return rows.map(spanOf);
  };

  const spansHolding = async (room: string, seq: number): Promise<RoomSpan[]> => {
    const rows = await db<SpanRow[]>`
      select r.id as "roomId", day::text, first, last from rooms r cross join lateral (
        select day, first_seq as first, last_seq as last from room_days
        where room_id = r.id and last_seq >= ${seq} and first_seq <= ${seq}
        union all ${unmapped}
      ) span where r.name = ${room} and day >= ${oldest()}`;
    return rows.map(spanOf);
  };

  /** Events below a seq, newest first. @param from the first day to read. */
  const readBelow = (room: string, before: number, max: number, from = oldest()): Promise<ArchivedEvent[]> =>
    walkDays(before, max, {
      highestSpans: (below, count) => spansBelow(room, below, count, from),
      read: async (spans, above, below, count) => {
        const { roomId, days } = placeOf(spans);
        const rows = await db<ArchivedRow[]>`
          select ${columnsOf(db)} from messages m
          where m.room_id = ${roomId} and m.day = any(${days}::date[]) and m.seq < ${below} and m.seq > ${above}
          order by m.seq desc limit ${count}`;
        return rows.map(eventOf);
      },
    });

  /** Events above a seq, oldest first. @param deleting only deletions of this seq. */
  const readAfter = (room: string, after: number, max: number, deleting?: number) =>
    walkDays(-after, max, {
      highestSpans: async (below, count) => (await spansAbove(room, -below, count)).map(turned),
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
        return rows.map(eventOf);
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
     * Client ids of the messages since a time, for an emptied Redis. Reads from the newest back in batches: times do
     * not decrease within a room, and no index has them.
     */
    async clientIdsSince(room: string, sinceMs: number): Promise<SentMessage[]> {
      const sent: SentMessage[] = [];
      const day = dayOf(sinceMs);
      const from = day > oldest() ? day : oldest();
      for (let below = Number.MAX_SAFE_INTEGER; ; ) {
        const rows = await readBelow(room, below, CLIENT_IDS_AT_ONCE, from);
        sent.push(...sentSince(rows, sinceMs));
        const oldest = rows.at(-1);
        if (!oldest || rows.length < CLIENT_IDS_AT_ONCE || oldest.at < sinceMs) return sent;
        below = oldest.seq;
      }
    },

    /** Events below a seq, newest first. */
    archived: (room: string, before: number, max: number): Promise<ArchivedEvent[]> =>
      readBelow(room, before, max),

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
      const { roomId, days } = placeOf(await spansHolding(room, seq));
      const [row] = await db<ArchivedRow[]>`
        select ${columnsOf(db)} from messages m
        where m.room_id = ${roomId} and m.day = any(${days}::date[]) and m.seq = ${seq}`;
      if (!row) return undefined;
      return { ...eventOf(row), deletion: await deletionOf(room, row) };
    },
  };
}
