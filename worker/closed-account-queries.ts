/** SQL that removes the names of closed accounts from the archive. */
import { type Db, inTransaction } from "../shared/server/postgres/pool.ts";
import { createMentionQueries } from "./mention-queries.ts";

export function createClosedAccountQueries(db: Db) {
  return {
    /** Accounts that closed at least an hour ago and whose names are still in the archive. */
    async findClosed(): Promise<string[]> {
      const closed = await db<{ id: string }[]>`
        select id from users where closed_at < now() - interval '1 hour' and erased_at is null`;
      return closed.map(({ id }) => id);
    },

    /** Tells Kafka too, while there is one. @returns the number of events of the day (`2026-11-22`) that contained the names. */
    async eraseNames(ids: string[], day: string): Promise<number> {
      const [names] = await db<{ count: number }[]>`
        with erased as (
          update messages set nickname = null
          where day = ${day} and user_id = any(${ids}::uuid[]) and nickname is not null
          returning room_id, seq, kind
        ), noted as (
          insert into kafka_outbox (topic, key, value)
          select case part when 'private' then 'private.messages' else 'messages' end, concat(name, '/', seq),
            jsonb_build_object('roomId', room_id, 'seq', seq, 'day', ${day}::text)
          from erased join rooms on rooms.id = room_id
            join kafka_parts on filled_at is not null and part = case when rooms.kind = 'public' then 'public' else 'private' end
          where erased.kind = 'message'
        )
        select count(*)::integer as count from erased`;
      const notices = await db`
        update messages set data = data #- '{user,nickname}' #- '{before}'
        where day = ${day} and kind = 'notice' and data #>> '{user,id}' = any(${ids}::text[])
          and (data #> '{user,nickname}' is not null or data -> 'before' is not null)`;
      return (names?.count ?? 0) + notices.count;
    },

    /** Marks accounts as erased, and deletes their mentions and the records of the rooms that they visited, read and chose to hear of. */
    async noteErased(ids: string[]): Promise<void> {
      await inTransaction(db, async (tx) => {
        await createMentionQueries(tx).forgetUsers(ids);
        await tx`delete from visited_rooms where user_id = any(${ids}::uuid[])`;
        await tx`delete from read_positions where user_id = any(${ids}::uuid[])`;
        await tx`delete from room_levels where user_id = any(${ids}::uuid[])`;
        await tx`update users set erased_at = now() where id = any(${ids}::uuid[])`;
      });
    },
  };
}
