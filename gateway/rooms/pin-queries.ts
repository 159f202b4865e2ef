/** SQL of the message that stands at the top of a room. */
import type { Db } from "../../shared/server/postgres/pool.ts";

export type PinQueries = ReturnType<typeof createPinQueries>;

export function createPinQueries(db: Db) {
  return {
    /** @returns the seq of the pinned message; undefined: none, or no such room. */
    async findPin(room: string): Promise<number | undefined> {
      const [row] = await db<{ seq: number | null }[]>`
        select pinned_seq::float8 as seq from rooms where name = ${room}`;
      return row?.seq ?? undefined;
    },

    /** @param seq undefined: none from now on. @returns whether that is a change. */
    async setPin(room: string, seq: number | undefined): Promise<boolean> {
      const done = await db`
        update rooms set pinned_seq = ${seq ?? null}
        where name = ${room} and pinned_seq is distinct from ${seq ?? null}::bigint`;
      return done.count > 0;
    },
  };
}
