/** SQL of how far users have read. The worker writes it. */
import type { Db } from "../../shared/server/postgres/pool.ts";

export type PositionQueries = ReturnType<typeof createPositionQueries>;

export function createPositionQueries(db: Db) {
  return {
    /** The reads of each of these users, by the name of the room. */
    async readsOf(userIds: string[]): Promise<Map<string, number>[]> {
      const rows = await db<{ userId: string; name: string; seq: number }[]>`
        select user_id as "userId", rooms.name, seq::float8 as seq
        from read_positions join rooms on rooms.id = room_id
        where user_id = any(${userIds}::uuid[])`;
      const byUser = Map.groupBy(rows, ({ userId }) => userId);
      return userIds.map((id) => new Map((byUser.get(id) ?? []).map(({ name, seq }) => [name, seq])));
    },
  };
}
