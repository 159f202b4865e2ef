/** SQL that reads the archive. Every statement on `messages` names the room by number and the days by value. */
import type { Sql, Transaction } from "../shared/server/postgres.ts";
import { type DaySpan, walkDays } from "./day-walk.ts";

export type ArchiveReads = ReturnType<typeof archiveReads>;

export type ArchivedEvent = {
  seq: number;
  at: number;
  kind: string;
  userId: string | null;
  nickname: string | null;
  clientId: string | null;
  text: string | null;
  deleted: boolean;
  data: Record<string, unknown> | null;
};
export type SentMessage = { userId: string; clientId: string; seq: number };

type ArchivedRow = Omit<ArchivedEvent, "seq" | "at"> & { seq: string; at: string };
type SpanRow = { day: string; first: string; last: string };

const eventOf = (row: ArchivedRow): ArchivedEvent => ({ ...row, seq: Number(row.seq), at: Number(row.at) });
const spanOf = ({ day, first, last }: SpanRow): DaySpan => ({
  day,
  first: Number(first),
  last: Number(last),
});
/** For reading upward with what reads downward: the highest seq becomes the lowest. */
const turned = ({ day, first, last }: DaySpan): DaySpan => ({ day, first: -last, last: -first });

/** What a message's row says, as `ArchivedRow`. */
const columnsOf = (sql: Sql | Transaction) => sql`
  m.seq, m.kind, m.user_id as "userId", m.nickname, m.client_id as "clientId", m.text, m.deleted, m.data,
  (extract(epoch from (m.day + m.time)) * 1000)::bigint as at`;

/** Reads of the archive, in a transaction or outside. */
export function archiveReads(sql: Sql | Transaction) {
  const roomId = async (room: string): Promise<number | null> => {
    const [row] = await sql<{ id: number }[]>`select id from rooms where name = ${room}`;
    return row?.id ?? null;
  };

  /** A day that is not mapped yet may hold any seq: it is in every answer. */
  const unmapped = sql`
    select day, 0::bigint as first, ${Number.MAX_SAFE_INTEGER}::bigint as last from unmapped_days`;

  const spansBelow = async (id: number, below: number, most: number): Promise<DaySpan[]> => {
    const rows = await sql<SpanRow[]>`
      select day::text, first, last from (
        (select day, first_seq as first, last_seq as last from room_days
          where room_id = ${id} and first_seq < ${below}
          order by last_seq desc limit ${most})
        union all ${unmapped}
      ) span order by last desc`;
    return rows.map(spanOf);
  };

  const spansAbove = async (id: number, above: number, most: number): Promise<DaySpan[]> => {
    const rows = await sql<SpanRow[]>`
      select day::text, first, last from (
        (select day, first_seq as first, last_seq as last from room_days
          where room_id = ${id} and last_seq > ${above}
          order by first_seq limit ${most})
        union all ${unmapped}
      ) span order by first`;
    return rows.map(spanOf);
  };

  const daysOf = async (id: number, seq: number): Promise<string[]> => {
    const rows = await sql<{ day: string }[]>`
      select day::text from room_days where room_id = ${id} and last_seq >= ${seq} and first_seq <= ${seq}
      union select day::text from unmapped_days`;
    return rows.map(({ day }) => day);
  };

  /** Events above a seq, oldest first. `deleting`: only deletions of this one. */
  const readAfter = (id: number, after: number, most: number, deleting: number | null = null) =>
    walkDays(-after, most, {
      highestSpans: async (below, count) => (await spansAbove(id, -below, count)).map(turned),
      read: async (days, above, below, count) => {
        const only =
          deleting === null
            ? sql``
            : sql`and m.kind = 'deleted' and m.data @> ${sql.json({ target: deleting })}`;
        const rows = await sql<ArchivedRow[]>`
          select ${columnsOf(sql)} from messages m
          where m.room_id = ${id} and m.day = any(${days}::date[]) and m.seq > ${-below} and m.seq < ${-above} ${only}
          order by m.seq limit ${count}`;
        return rows.map(eventOf);
      },
    });

  /** The worker blanks a message in the transaction that writes its deletion: of one that is whole there is none. */
  const deletionOf = async (id: number, { seq, deleted, data }: ArchivedRow): Promise<number | null> => {
    if (!deleted) return null;
    if (typeof data?.deletion === "number") return data.deletion;
    // Blanked before this was noted in its row.
    const [deletion] = await readAfter(id, Number(seq), 1, Number(seq));
    return deletion?.seq ?? null;
  };

  return {
    /** Client ids of the messages since a time, for an emptied Redis to know them again. */
    async clientIdsSince(room: string, sinceMs: number): Promise<SentMessage[]> {
      const id = await roomId(room);
      const since = new Date(sinceMs).toISOString();
      const days = await sql<{ day: string }[]>`
        select day::text from (
          select day from room_days where room_id = ${id}
          union select day from unmapped_days
        ) known where day >= (${since}::timestamptz at time zone 'UTC')::date`;
      const rows = await sql<{ userId: string; clientId: string; seq: string }[]>`
        select m.user_id as "userId", m.client_id as "clientId", m.seq from messages m
        where m.room_id = ${id} and m.day = any(${days.map(({ day }) => day)}::date[])
          and m.day + m.time >= ${since}::timestamptz at time zone 'UTC'
          and m.client_id is not null and m.user_id is not null`;
      return rows.map((row) => ({ ...row, seq: Number(row.seq) }));
    },

    /** Events below a seq, newest first. */
    async archived(room: string, before: number, most: number): Promise<ArchivedEvent[]> {
      const id = await roomId(room);
      if (id === null) return [];
      return walkDays(before, most, {
        highestSpans: (below, count) => spansBelow(id, below, count),
        read: async (days, above, below, count) => {
          const rows = await sql<ArchivedRow[]>`
            select ${columnsOf(sql)} from messages m
            where m.room_id = ${id} and m.day = any(${days}::date[]) and m.seq < ${below} and m.seq > ${above}
            order by m.seq desc limit ${count}`;
          return rows.map(eventOf);
        },
      });
    },

    /** Events above a seq, oldest first. */
    async archivedAfter(room: string, after: number, most: number): Promise<ArchivedEvent[]> {
      const id = await roomId(room);
      return id === null ? [] : readAfter(id, after, most);
    },

    /** One event; null when there is none of that seq. `deletion`: the seq of the event that deleted it. */
    async find(room: string, seq: number): Promise<(ArchivedEvent & { deletion: number | null }) | null> {
      const id = await roomId(room);
      if (id === null) return null;
      const days = await daysOf(id, seq);
      const [row] = await sql<ArchivedRow[]>`
        select ${columnsOf(sql)} from messages m
        where m.room_id = ${id} and m.day = any(${days}::date[]) and m.seq = ${seq}`;
      if (!row) return null;
      return { ...eventOf(row), deletion: await deletionOf(id, row) };
    },
  };
}
