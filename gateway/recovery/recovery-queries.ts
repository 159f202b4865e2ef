/** SQL of a recovery: locks the room's row while Redis takes its log back, and stores the start of the next epoch. */
import { type Db, inTransaction } from "../../shared/server/postgres/pool.ts";
import { type ArchiveQueries, createArchiveQueries } from "../history/archive-queries.ts";
import type { KeptSince } from "../room-log/retention.ts";

export type RecoveryQueries = ReturnType<typeof createRecoveryQueries>;
/** `lastSeq`: everything up to it is in PostgreSQL. `bornSeq`: highest seq of earlier rooms of this name. */
export type HeldRoom = { lastSeq: number; bornSeq: number; archived: boolean };
/** `confirm` throws Unavailable when the room is no longer locked. */
export type HeldArchive = Pick<ArchiveQueries, "archived" | "clientIdsSince"> & {
  confirm: () => Promise<void>;
};

export function createRecoveryQueries(db: Db, keptSince?: KeptSince) {
  return {
    /**
     * Stores the start of the room's next epoch, above every seq known anywhere, `known` included. Committed before the
     * epoch begins: if Redis and all gateways lose the seqs that it gives out, the following epoch begins above them
     * too.
     * @returns the start, a different one each time; undefined: there is no such room.
     */
    async beginEpoch(room: string, known: number): Promise<number | undefined> {
      const [row] = await db<{ base: string | null }[]>`select begin_epoch(${room}, ${known}) as base`;
      return row?.base == null ? undefined : Number(row.base);
    },

    /**
     * Runs `work` with the room's row locked (undefined: there is none). No worker can raise its last seq in that time:
     * one that is writing is waited for, a later one waits. `work` reads on the same connection, because many
     * recoveries that each asked for another one would wait for ever.
     */
    holdingRoom<T>(
      room: string,
      work: (held: HeldRoom | undefined, archive: HeldArchive) => Promise<T>,
    ): Promise<T> {
      return inTransaction(db, async (tx) => {
        // Nothing is written that has to survive a crash, so the commit does not wait for the disk.
        const [row] = await tx<{ lastSeq: string; bornSeq: string; archived: boolean }[]>`
          select last_seq as "lastSeq", born_seq as "bornSeq", archived_at is not null as archived,
            set_config('synchronous_commit', 'off', true)
          from rooms where name = ${room} for share`;
        const confirm = async (): Promise<void> => void (await tx`select 1`);
        const held = row && { ...row, lastSeq: Number(row.lastSeq), bornSeq: Number(row.bornSeq) };
        return work(held, { ...createArchiveQueries(tx, keptSince), confirm });
      });
    },
  };
}
