/** SQL of recoveries: locks rooms' rows while Redis takes their logs back, and stores the starts of their next epochs. */
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

/** Locks come in the order of the rooms' numbers, in every process, so that two cannot wait for each other. */
export function createRecoveryQueries(db: Db, keptSince?: KeptSince) {
  return {
    /**
     * Stores the start of each room's next epoch, above every seq known anywhere, `known` included. Committed before an
     * epoch begins: if Redis and all gateways lose the seqs that it gives out, the following epoch begins above them
     * too.
     * @param rooms each once.
     * @returns the starts by room, a different one each time; none for a room that does not exist.
     */
    async beginEpochs(rooms: { room: string; known: number }[]): Promise<Map<string, number>> {
      const rows = await db<{ name: string; base: string }[]>`
        select name, begin_epoch(name, known) as base
        from (
          select name, known
          from unnest(${rooms.map(({ room }) => room)}::text[], ${rooms.map(({ known }) => known)}::bigint[]) as asked (name, known)
            join rooms using (name)
          order by id offset 0
        ) as ordered`;
      return new Map(rows.map(({ name, base }) => [name, Number(base)]));
    },

    /**
     * Runs `work` with the rows of these rooms locked. No worker can raise their last seqs in that time: one that is
     * writing is waited for, a later one waits. `work` reads on the same connection, because many recoveries that each
     * asked for another one would wait for ever.
     */
    holdingRooms<T>(
      names: string[],
      work: (held: Map<string, HeldRoom>, archive: HeldArchive) => Promise<T>,
    ): Promise<T> {
      return inTransaction(db, async (tx) => {
        // Nothing is written that has to survive a crash, so the commit does not wait for the disk.
        const rows = await tx<{ name: string; lastSeq: string; bornSeq: string; archived: boolean }[]>`
          select name, last_seq as "lastSeq", born_seq as "bornSeq", archived_at is not null and kind = 'public' as archived,
            set_config('synchronous_commit', 'off', true)
          from rooms where name = any(${names}::text[]) order by id for share`;
        const held = rows.map(({ name, lastSeq, bornSeq, archived }): [string, HeldRoom] => [
          name,
          { lastSeq: Number(lastSeq), bornSeq: Number(bornSeq), archived },
        ]);
        const confirm = async (): Promise<void> => void (await tx`select 1`);
        return work(new Map(held), { ...createArchiveQueries(tx, keptSince), confirm });
      });
    },
  };
}
