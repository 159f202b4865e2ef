/** SQL that applies removals of an author's messages: blanks them and records the act. */
import type { Db } from "../shared/server/postgres/pool.ts";

/** A `removed` event: the author's messages with seqs from `from` up to `seq`, exclusive. */
export type Removal = {
  room: string;
  roomId: number;
  seq: number;
  author: string;
  from: number;
  by: string | null;
  day: string;
  time: string;
};

export function createRemovalQueries(db: Db) {
  return {
    /** The days that may hold messages between two seqs of a room. */
    async findDaysBetween(roomId: number, from: number, below: number): Promise<string[]> {
      const rows = await db<{ day: string }[]>`
        select day::text from room_days where room_id = ${roomId} and first_seq < ${below} and last_seq >= ${from}
        union select day::text from unmapped_days order by day`;
      return rows.map(({ day }) => day);
    },

    /**
     * Blanks the messages of a removal on one day, and stores its seq with them: with those too that became rows afterwards, so
     * that they arrived without a text.
     */
    async blank({ roomId, seq, author, from }: Removal, day: string): Promise<void> {
      await db`
        update messages set text = null, deleted = true,
          data = jsonb_build_object('deletion', ${seq}::bigint) || (coalesce(data, '{}') - 'mentions' - 'reply')
        where room_id = ${roomId} and day = ${day} and seq >= ${from} and seq < ${seq}
          and user_id = ${author}::uuid and kind = 'message' and not (deleted and coalesce(data ? 'deletion', false))`;
    },

    /** Ends the pin of a message that was blanked on this day, also of one that arrived as a tombstone. */
    async unpin({ roomId, seq, from }: Removal, day: string): Promise<void> {
      await db`
        update rooms set pinned_seq = null from messages target
        where rooms.id = ${roomId} and rooms.pinned_seq >= ${from} and rooms.pinned_seq < ${seq}
          and target.room_id = ${roomId} and target.day = ${day} and target.seq = rooms.pinned_seq and target.deleted`;
    },

    /** Records the act once, with the time of the removal, even if its batch is written again. */
    async record({ room, seq, author, from, by, day, time }: Removal): Promise<void> {
      await db`
        insert into audit (at, act, by_user, user_id, room, seq, detail)
        values ((${day}::date + ${time}::time) at time zone 'UTC', 'remove', ${by}::uuid, ${author}::uuid, ${room}, ${seq},
          ${db.json({ from })})
        on conflict do nothing`;
    },

    /** The removals of a day that were archived and not applied, by a worker of the release before. */
    async findUnapplied(day: string): Promise<Removal[]> {
      return db<Removal[]>`
        select rooms.name as room, m.room_id as "roomId", m.seq::float8 as seq, m.data ->> 'author' as author,
          (m.data ->> 'from')::float8 as "from", m.data ->> 'by' as by, m.day::text as day, m.time::text as time
        from messages m join rooms on rooms.id = m.room_id
        where m.day = ${day} and m.kind = 'removed' and m.data ? 'author' and m.data ? 'from'
          and not exists (select from audit where act = 'remove' and audit.room = rooms.name and audit.seq = m.seq)`;
    },
  };
}
