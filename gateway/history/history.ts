/**
 * Pages of a room's older events, across Redis and PostgreSQL alike: events that are not stored yet come from the log, the rest
 * from the archive. Owns how the two are joined; room-log/ and archive-queries.ts read.
 */
import type { RoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import { archivedEventJson } from "../events/archived-event.ts";
import type { ReadingGate } from "../limits/reading-gate.ts";
import type { LogReads } from "../room-log/log-reads.ts";
import type { ArchiveQueries } from "./archive-queries.ts";

type Archive = Pick<ArchiveQueries, "archived">;
type Events = { events: string[]; more: boolean };

/**
 * @param gate where reads of the archive wait for their turn; what Redis has is read without.
 * @param redact what readers may see of an event that was said earlier.
 */
export function createHistory(
  logs: Pick<LogReads, "before">,
  scripts: Pick<RoomLogStore, "deletedSeqs">,
  { archive, gate }: { archive: Archive; gate: Pick<ReadingGate, "through"> },
  redact: (json: string) => string,
) {
  /**
   * @param reader for whom it is read: reads of one are bounded.
   * @throws Refusal `too_many_attempts` or `unavailable` of the gate.
   */
  return async (room: string, before: number | undefined, limit: number, reader: string): Promise<Events> => {
    const below = before ?? Number.MAX_SAFE_INTEGER;
    // One more than asked for tells whether there are older ones.
    const wanted = limit + 1;
    const recent = await logs.before(room, below, wanted);
    const missing = wanted - recent.length;
    const oldest = recent[0]?.seq ?? below;
    const archived =
      missing > 0 ? await gate.through(reader, () => archivedBefore(room, oldest, missing)) : [];
    const events = [...archived, ...recent.map((event) => event.bytes.toString())];
    return { events: events.slice(-limit), more: events.length > limit };
  };

  /** In order. A deletion that the worker has yet to write counts already; it is read before the rows, or it could slip between. */
  async function archivedBefore(room: string, seq: number, max: number): Promise<string[]> {
    const deleted = await scripts.deletedSeqs(room);
    const rows = await archive.archived(room, seq, max);
    return rows
      .reverse()
      .map((row) => redact(archivedEventJson(room, deleted.has(row.seq) ? { ...row, deleted: true } : row)));
  }
}
