/**
 * The return of a room that left Redis because it was idle: its newest events come back from PostgreSQL, and it continues in its
 * epoch as if it had never left. After a restart of Redis only its log comes back here, and the room is restored like any other.
 */

import { archivedEventJson } from "../../shared/server/events/archived-event.ts";
import type { RoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import type { Head } from "../../shared/server/redis/room-state.ts";
import type { HeldArchive } from "./recovery-queries.ts";

/** @param logEvents newest events in a log. */
export function createComeBack(scripts: Pick<RoomLogStore, "readNewest" | "comeBack">, logEvents: number) {
  /**
   * PostgreSQL's row of the room must be held, so that the room cannot come back, be archived and leave again meanwhile.
   * @param lastSeq the highest seq in PostgreSQL. Above that of Redis, seqs were given that Redis does not know, so the epoch is over.
   * @returns whether the room is current now.
   */
  return async (room: string, head: Head, lastSeq: number, archive: HeldArchive): Promise<boolean> => {
    const continues = head.away && lastSeq <= head.seq;
    if (head.seq === 0 && !continues) return false;
    const left = await scripts.readNewest(room, 1);
    if (!left || left.entries.length > 0) return false;
    const { epoch, prevEpoch, prevUpTo } = left.state;
    const rows = await archive.archived(room, head.seq + 1, logEvents);
    const entries = rows.reverse().flatMap((row) => {
      if (row.seq > head.seq) return [];
      const bytes = Buffer.from(archivedEventJson(room, row));
      return [{ seq: row.seq, epoch: row.seq <= prevUpTo ? prevEpoch : epoch, bytes }];
    });
    await archive.confirm();
    await scripts.comeBack(room, { seq: head.seq, continues, entries });
    return continues;
  };
}
