/**
 * Pages of a room's older events across Redis and PostgreSQL: events that are not stored yet come from the log, the
 * rest from the archive. Owns how the two are joined; room-log/ and archive-queries.ts read.
 */
import { archivedEventJson } from "../../shared/server/events/archived-event.ts";
import type { ReadingGate } from "../limits/reading-gate.ts";
import type { LogReads } from "../room-log/log-reads.ts";
import type { ArchiveQueries } from "./archive-queries.ts";

type Archive = Pick<ArchiveQueries, "archived">;
/** The last ones; none for 0. */
export const lastOf = <T>(all: readonly T[], count: number): T[] =>
  all.slice(Math.max(0, all.length - count));

type Events = { events: string[]; more: boolean };

/**
 * @param gate queues reads of the archive; reads of Redis bypass it.
 * @param redact makes an old event fit for readers.
 */
export function createHistory(
  logs: Pick<LogReads, "before">,
  { archive, gate }: { archive: Archive; gate: Pick<ReadingGate, "through"> },
  redact: (json: string) => string,
) {
  /**
   * @param reader key by which concurrent reads are bounded.
   * @throws Refusal `too_many_attempts`, or Unavailable, of the gate.
   */
  return async (room: string, before: number | undefined, limit: number, reader: string): Promise<Events> => {
    const below = before ?? Number.MAX_SAFE_INTEGER;
    // One event more than requested shows whether there are older ones.
    const wanted = limit + 1;
    // Deletions that the worker has yet to write are read before the rows; otherwise one could be missed in between.
    const { entries: recent, deleted } = await logs.before(room, below, wanted);
    const missing = wanted - recent.length;
    const oldest = recent[0]?.seq ?? below;
    const rows = missing > 0 ? await gate.through(reader, () => archive.archived(room, oldest, missing)) : [];
    const archived = rows
      .reverse()
      .map((row) =>
        redact(
          archivedEventJson(
            room,
            deleted.has(row.seq, row.userId ?? undefined) ? { ...row, deleted: true } : row,
          ),
        ),
      );
    const events = [...archived, ...recent.map((event) => event.bytes.toString())];
    return { events: lastOf(events, limit), more: events.length > limit };
  };
}
