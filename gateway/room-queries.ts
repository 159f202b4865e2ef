/** SQL of rooms and their archive, as the gateway reads it. It never writes messages: that is the worker's. */

import type { Sql, Transaction } from "../shared/server/postgres.ts";
import type { Restriction, Role } from "../shared/server-frames.ts";

export type RoomQueries = ReturnType<typeof createRoomQueries>;
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
const eventOf = (row: ArchivedRow): ArchivedEvent => ({ ...row, seq: Number(row.seq), at: Number(row.at) });

/** What a message's row says, as `ArchivedRow`. */
const columnsOf = (sql: Sql | Transaction) => sql`
  m.seq, m.kind, m.user_id as "userId", m.nickname, m.client_id as "clientId", m.text, m.deleted, m.data,
  (extract(epoch from (m.day + m.time)) * 1000)::bigint as at`;

/** Reads of the archive, in a transaction or outside. */
export function archiveReads(sql: Sql | Transaction) {
  return {
    /** Client ids of the messages since a time, for an emptied Redis to know them again. */
    async clientIdsSince(room: string, sinceMs: number): Promise<SentMessage[]> {
      const since = new Date(sinceMs).toISOString();
      const rows = await sql<{ userId: string; clientId: string; seq: string }[]>`
        select m.user_id as "userId", m.client_id as "clientId", m.seq
        from messages m join rooms r on r.id = m.room_id
        where r.name = ${room} and m.day >= (${since}::timestamptz at time zone 'UTC')::date
          and m.day + m.time >= ${since}::timestamptz at time zone 'UTC'
          and m.client_id is not null and m.user_id is not null`;
      return rows.map((row) => ({ ...row, seq: Number(row.seq) }));
    },

    /** Events below a seq, newest first. */
    async archived(room: string, before: number, most: number): Promise<ArchivedEvent[]> {
      const rows = await sql<ArchivedRow[]>`
        select ${columnsOf(sql)} from messages m join rooms r on r.id = m.room_id
        where r.name = ${room} and m.seq < ${before}
        order by m.seq desc limit ${most}`;
      return rows.map(eventOf);
    },
  };
}

export function createRoomQueries(sql: Sql) {
  return {
    ...archiveReads(sql),

    /** One event; null when there is none of that seq. `deletion`: the seq of the event that deleted it. */
    async find(room: string, seq: number): Promise<(ArchivedEvent & { deletion: number | null }) | null> {
      const [row] = await sql<(ArchivedRow & { deletion: string | null })[]>`
        select ${columnsOf(sql)}, (
          select min(d.seq) from messages d
          where d.room_id = m.room_id and d.kind = 'deleted' and d.seq > m.seq and d.data @> ${sql.json({ target: seq })}
        ) as deletion
        from messages m join rooms r on r.id = m.room_id
        where r.name = ${room} and m.seq = ${seq}`;
      return row ? { ...eventOf(row), deletion: row.deletion === null ? null : Number(row.deletion) } : null;
    },

    /** What PostgreSQL knows of a user that the message path needs; null: no such user. */
    async userState(
      id: string,
    ): Promise<{ nickname: string; role: Role; restricted: Restriction | null } | null> {
      const [row] = await sql<{ nickname: string; role: Role; reason: string | null; until: Date | null }[]>`
        select nickname, role, restricted_reason as reason, restricted_until as until
        from users where id = ${id} and closed_at is null`;
      if (!row) return null;
      const { nickname, role, reason, until } = row;
      const restricted =
        until && until.getTime() > Date.now() ? { reason: reason ?? "", until: until.getTime() } : null;
      return { nickname, role, restricted };
    },

    /** Keeps a restriction, unless a longer one is kept already. */
    async keepRestriction(id: string, reason: string, until: number): Promise<void> {
      await sql`
        update users set restricted_reason = ${reason}, restricted_until = ${new Date(until)}
        where id = ${id} and coalesce(restricted_until < ${new Date(until)}, true)`;
    },

    /** Sessions that ended since a time: what the control log of an emptied Redis no longer tells. */
    async sessionsEndedSince(sinceMs: number): Promise<string[]> {
      const rows = await sql<{ id: string }[]>`
        select id from sessions where ended_at >= ${new Date(sinceMs)}`;
      return rows.map((row) => row.id);
    },
  };
}
