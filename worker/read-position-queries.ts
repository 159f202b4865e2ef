/** SQL that keeps how far users have read. */
import type { Db } from "../shared/server/postgres/pool.ts";
import type { Move } from "../shared/server/redis/read-store.ts";

export function createReadPositionQueries(db: Db) {
  return {
    /**
     * Moves reads forward. Those of closed accounts, of rooms that are gone and of earlier rooms of the same name are left out. Rows are
     * locked in one order, so that two workers do not wait for each other.
     */
    async moveForward(moves: readonly Move[]): Promise<void> {
      await db`
        insert into read_positions as known (user_id, room_id, seq)
        select users.id, rooms.id, max(moved.seq)
        from unnest(
          ${moves.map(({ userId }) => userId)}::uuid[],
          ${moves.map(({ room }) => room)}::text[],
          ${moves.map(({ seq }) => seq)}::bigint[]
        ) as moved (user_id, room, seq)
        join users on users.id = moved.user_id and users.closed_at is null
        join rooms on rooms.name = moved.room and moved.seq >= rooms.born_seq
        group by users.id, rooms.id
        order by users.id, rooms.id
        on conflict (user_id, room_id) do update set seq = excluded.seq where excluded.seq > known.seq`;
    },
  };
}
