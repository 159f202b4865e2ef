/** SQL that removes mentions. Triggers of `messages` add them with their messages, and remove those of deleted ones. */
import type { Db } from "../shared/server/postgres/pool.ts";

export function createMentionQueries(db: Db) {
  return {
    /** Removes some of those in a deleted room. @returns whether there may be more. */
    async forgetRoom(id: number, max: number): Promise<boolean> {
      const { count } = await db`
        delete from mentions where room_id = ${id} and (seq, user_id) in (
          select seq, user_id from mentions where room_id = ${id} order by seq limit ${max}
        )`;
      return count === max;
    },

    /** Removes those of closed accounts. */
    async forgetUsers(ids: string[]): Promise<void> {
      await db`delete from mentions where user_id = any(${ids}::uuid[])`;
    },

    /** Removes some of those before a day (`2026-11-22`); undefined: all are kept. @returns how many. */
    async forgetBefore(day: string | undefined, max: number): Promise<number> {
      if (day === undefined) return 0;
      const { count } = await db`
        delete from mentions where ctid = any(array(select ctid from mentions where day < ${day} limit ${max}))`;
      return count;
    },
  };
}
