/** SQL of a recovery: holds the room's row while Redis takes its log back, and notes where the next epoch begins. */
import { type Db, inTransaction } from "../../shared/server/postgres/pool.ts";
import { type ArchiveQueries, createArchiveQueries } from "../history/archive-queries.ts";
import type { KeptSince } from "../room-log/retention.ts";

export type RecoveryQueries = ReturnType<typeof createRecoveryQueries>;
/** `lastSeq`: everything up to it is in PostgreSQL. `bornSeq`: earlier rooms of this name had no higher seq. */
export type HeldRoom = { lastSeq: number; bornSeq: number; archived: boolean };
/** `confirm` throws an outage when the room is held no longer. */
export type HeldArchive = Pick<ArchiveQueries, "archived" | "clientIdsSince"> & {
  confirm: () => Promise<void>;
};

export function createRecoveryQueries(db: Db, keptSince?: KeptSince) {
  return {
    /**
     * Notes for good that the room's next epoch begins above every seq that anybody knows of, `known` among them. Committed
     * before the epoch begins: should Redis and all gateways forget what it gives, the one after it begins above that too.
     * @returns where it begins, each time somewhere else; undefined: there is no such room.
     */
    async beginEpoch(room: string, known: number): Promise<number | undefined> {
      const [row] = await db<{ base: string | null }[]>`select begin_epoch(${room}, ${known}) as base`;
      return row?.base == null ? undefined : Number(row.base);
    },

    /**
     * Does `work` with what PostgreSQL says of the room (undefined: there is none). No worker can raise its last seq meanwhile: one
     * that is writing is waited for, one that comes later waits. `work` reads on the connection that it holds: if each of
     * many asked for another one, all of them would wait for ever.
     */
    holdingRoom<T>(
      room: string,
      work: (held: HeldRoom | undefined, archive: HeldArchive) => Promise<T>,
    ): Promise<T> {
      return inTransaction(db, async (tx) => {
        // Nothing is written here that has to outlive a crash: nobody waits for the disk.
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
