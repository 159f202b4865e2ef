/** SQL of how far users have read. The worker writes it. */
import type { Db } from "../../shared/server/postgres/pool.ts";

export type PositionQueries = ReturnType<typeof createPositionQueries>;

export function createPositionQueries(db: Db) {
  return {
    /** The reads of a user, by the name of the room. */
    readsOf: async (userId: string): Promise<Map<string, number>> =>
      (await readsOfAll([userId]))[0] ?? new Map(),
    readsOfAll,
  };

  /** The reads of each of these users. */
  async function readsOfAll(userIds: string[]): Promise<Map<string, number>[]> {
    const rows = await db<{ userId: string; name: string; seq: number }[]>`
        select user_id as "userId", rooms.name, seq::float8 as seq
        from read_positions join rooms on rooms.id = room_id
        where user_id = any(${userIds}::uuid[])`;
    const byUser = Map.groupBy(rows, ({ userId }) => userId);
    return userIds.map((id) => new Map((byUser.get(id) ?? []).map(({ name, seq }) => [name, seq])));
  }
}
