/** SQL of messages in rooms of which people hear everything: those that they chose, and their direct lines. */
import type { Db } from "../../shared/server/postgres/pool.ts";
import type { Claimed, Queued } from "./push-queries.ts";

type Said = Pick<Queued, "roomId" | "seq" | "day" | "time"> & { author: string };

export function createRoomNewsQueries(db: Db) {
  return {
    /**
     * Keeps one row for each person and room, whatever is said there. Leaves out those who wrote it, and those for whom the message
     * waits already because it speaks to them.
     * @param newsMs an older message is no news.
     */
    async queue(said: readonly Said[], newsMs: number): Promise<void> {
      const rooms = [...new Set(said.map(({ roomId }) => roomId))];
      await db`
        with said as (
          select * from unnest(
            ${said.map((each) => each.roomId)}::integer[],
            ${said.map((each) => each.seq)}::bigint[],
            ${said.map((each) => each.day)}::date[],
            ${said.map((each) => each.time)}::time[],
            ${said.map((each) => each.author)}::uuid[]
          ) as said (room_id, seq, day, time, author)
          where (day + time) at time zone 'UTC' > now() - ${newsMs} * interval '1 millisecond'
        ), listeners as (
          select room_id, user_id from room_levels where level = 'all' and room_id = any(${rooms}::integer[])
          union all
          select m.room_id, m.user_id from rooms r join room_members m on m.room_id = r.id
          where r.kind = 'direct' and r.id = any(${rooms}::integer[])
            and not exists (select from room_levels l where l.user_id = m.user_id and l.room_id = m.room_id)
        )
        insert into push_rooms as known (user_id, room_id, seq, day, at, count)
        select distinct on (user_id, room_id) user_id, room_id, seq, day, (day + time) at time zone 'UTC',
          count(*) over (partition by user_id, room_id)
        from said join listeners using (room_id)
        where user_id <> author
          -- A batch that is written again counts nothing twice.
          and not exists (
            select from push_rooms p where p.user_id = listeners.user_id and p.room_id = said.room_id and p.seq >= said.seq)
          and exists (select from push_subscriptions s where s.user_id = listeners.user_id)
          and not exists (
            select from push_queue q where q.user_id = listeners.user_id and q.room_id = said.room_id and q.seq = said.seq)
        order by user_id, room_id, seq desc
        on conflict (user_id, room_id) do update set
          seq = excluded.seq, day = excluded.day, at = excluded.at, taken_at = null,
          count = excluded.count + case when known.taken_at is null then known.count else 0 end
        where known.seq < excluded.seq`;
    },

    /** Takes what waits for these people. */
    async claim(userIds: readonly string[]): Promise<Claimed[]> {
      return await db<Claimed[]>`
        update push_rooms set taken_at = now()
        where taken_at is null and user_id = any(${[...userIds]}::uuid[])
        returning user_id as "userId", room_id as "roomId", seq::float8 as seq, day::text as day, 'message' as kind, count`;
    },

    async forgetOld(keptMs: number): Promise<void> {
      await db`delete from push_rooms where at < now() - ${keptMs} * interval '1 millisecond'`;
    },
  };
}
