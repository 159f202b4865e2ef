/** SQL that reads which message stands at the top of a room. The trigger `note_pins` writes it with the notices that say so. */
import type { Db } from "../../shared/server/postgres/pool.ts";

export type PinQueries = ReturnType<typeof createPinQueries>;

export function createPinQueries(db: Db) {
  return {
    /** @returns the seq of the pinned message, if there is one, as it is after the event `upTo`; undefined: no such room. */
    async findPin(room: string): Promise<{ seq: number | undefined; upTo: number } | undefined> {
      const [row] = await db<{ seq: number | null; upTo: number }[]>`
        select pinned_seq::float8 as seq, last_seq::float8 as "upTo" from rooms where name = ${room}`;
      return row && { seq: row.seq ?? undefined, upTo: row.upTo };
    },
  };
}
