/**
 * Pages of an archived room's events: the rest of its log in Redis, and the rows that the worker has written. The room
 * is not recovered in Redis, so that reading never opens it for writing.
 */

import { archivedEventJson } from "../../shared/server/events/archived-event.ts";
import type { RoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import type { ReadingGate } from "../limits/reading-gate.ts";
import { type KeptSince, withoutExpired } from "../room-log/retention.ts";
import type { ArchiveQueries } from "./archive-queries.ts";
import { lastOf } from "./history.ts";
import type { LogView } from "./windows.ts";

/**
 * @param gate queues reads of the archive.
 * @param redact makes an old event fit for readers.
 * @returns pages as history.ts does for open rooms.
 */
export function createArchivedHistory(
  scripts: Pick<RoomLogStore, "readBefore" | "deletedSeqs">,
  { archive, gate }: { archive: Pick<ArchiveQueries, "archived">; gate: Pick<ReadingGate, "through"> },
  redact: (json: string) => string,
  keptSince: KeptSince = () => 0,
) {
  return async (
    room: string,
    before: number | undefined,
    limit: number,
    reader: string,
  ): Promise<{ events: string[]; more: boolean }> => {
    const below = before ?? Number.MAX_SAFE_INTEGER;
    // Read before the rows, because the worker may write these events and trim them in between.
    const [left, deleted] = await Promise.all([
      scripts.readBefore(room, below, limit + 1),
      scripts.deletedSeqs(room),
    ]);
    const rows = await gate.through(reader, () => archive.archived(room, below, limit + 1));
    const bySeq = new Map(
      rows.map((row) => [
        row.seq,
        archivedEventJson(
          room,
          deleted.has(row.seq, row.userId ?? undefined) ? { ...row, deleted: true } : row,
        ),
      ]),
    );
    const entries = left ? withoutExpired(left, keptSince()).entries : [];
    for (const { seq, bytes } of entries) bySeq.set(seq, bytes.toString());
    const events = [...bySeq].sort(([a], [b]) => a - b).slice(-(limit + 1));
    return { events: lastOf(events, limit).map(([, json]) => redact(json)), more: events.length > limit };
  };
}

/** The rest of archived rooms' logs in Redis. Nothing of it is complete without the rows. */
export function createArchivedLogView(
  scripts: Pick<RoomLogStore, "readAfter" | "deletedSeqs">,
  keptSince: KeptSince = () => 0,
): LogView {
  return {
    async upward(room, after, max) {
      const left = await scripts.readAfter(room, after, max);
      const entries = left ? withoutExpired(left, keptSince()).entries.slice(0, max) : [];
      return { entries, isComplete: false };
    },
    deletedSeqs: scripts.deletedSeqs,
  };
}
