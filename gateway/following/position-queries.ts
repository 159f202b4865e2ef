/** SQL of how far users have read. The worker writes it. */
import type { Db } from "../../shared/server/postgres/pool.ts";

export type PositionQueries = ReturnType<typeof createPositionQueries>;

export function createPositionQueries(db: Db) {
  return {
    /** By the name of the room. */
    async readsOf(userId: string): Promise<Map<string, number>> {
      const rows = await db<{ name: string; seq: number }[]>`
        select rooms.name, seq::float8 as seq from read_positions join rooms on rooms.id = room_id
        where user_id = ${userId}`;
      return new Map(rows.map(({ name, seq }) => [name, seq]));
    },
  };
}
