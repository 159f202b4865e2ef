/** Single events of a room by their seqs, across Redis and PostgreSQL. */
import { archivedEventJson } from "../../shared/server/events/archived-event.ts";
import type { ReadingGate } from "../limits/reading-gate.ts";
import type { ArchiveQueries } from "./archive-queries.ts";
import type { LogView } from "./windows.ts";

type Archive = { archive: Pick<ArchiveQueries, "findAll">; gate: Pick<ReadingGate, "through"> };
/**
 * @returns the events with these seqs as JSON texts, ascending, without those that do not exist.
 * @throws as the gate does.
 */
export type FindEvents = (room: string, seqs: readonly number[], reader: string) => Promise<string[]>;

/**
 * @param gate queues reads of the archive; reads of Redis bypass it.
 * @param redact makes an old event fit for readers.
 */
export function createFindEvents(
  log: LogView,
  { archive, gate }: Archive,
  redact: (json: string) => string,
): FindEvents {
  return async (room, seqs, reader) => {
    // The log is read before the rows: an event that is trimmed in between is a row by then, and a deletion is known to one of the two.
    const deleted = await log.deletedSeqs(room);
    const parts = await Promise.all(seqs.map((seq) => log.upward(room, seq - 1, 1)));
    const found = new Map<number, string>();
    const missing: number[] = [];
    for (const [index, seq] of seqs.entries()) {
      const part = parts[index];
      const entry = part?.entries.find((each) => each.seq === seq);
      if (entry) found.set(seq, redact(entry.bytes.toString()));
      else if (!part?.isComplete) missing.push(seq);
    }
    const read = () => archive.findAll(room, missing);
    for (const row of missing.length > 0 ? await gate.through(reader, read) : []) {
      const event = deleted.has(row.seq, row.userId ?? undefined) ? { ...row, deleted: true } : row;
      found.set(row.seq, redact(archivedEventJson(room, event)));
    }
    return [...found].sort(([a], [b]) => a - b).map(([, json]) => json);
  };
}
