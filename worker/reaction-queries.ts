/** SQL that removes reactions past the retention. The triggers of the table do everything else. */
import type { Db } from "../shared/server/postgres/pool.ts";

export function createReactionUpkeepQueries(db: Db) {
  return {
    /** Removes some reactions of before a day, whose events are gone. @returns how many. */
    async removeBefore(day: string, max: number): Promise<number> {
      const { count } = await db`
        delete from reactions where (room_id, target, emoji, user_id) in (
          select room_id, target, emoji, user_id from reactions where day < ${day} limit ${max}
        )`;
      return count;
    },
  };
}
