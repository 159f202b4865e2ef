/**
 * Pages around a place in a room's log, across Redis and PostgreSQL. The log in Redis is read before the rows: an event that is
 * trimmed in between is a row by then, and rows are written in order, so that both together have no hole.
 */

import { archivedEventJson } from "../../shared/server/events/archived-event.ts";
import type { Deleted } from "../../shared/server/redis/removal-store.ts";
import type { LoggedEvent } from "../events/event.ts";
import type { ReadingGate } from "../limits/reading-gate.ts";
import type { ArchiveQueries } from "./archive-queries.ts";

/** Reads of the log in Redis, of an open room or of an archived one. */
export type LogView = {
  /**
   * The first events above a seq, in order; tombstones in place of deleted messages. `isComplete`: there are no other
   * ones between the seq and these.
   */
  upward: (
    room: string,
    after: number,
    max: number,
  ) => Promise<{ entries: readonly LoggedEvent[]; isComplete: boolean }>;
  /** The messages whose deletion PostgreSQL may not have yet. */
  deletedSeqs: (room: string) => Promise<Deleted>;
};
/** Reads the page below a seq, as history.ts does. */
type Older = (
  room: string,
  before: number,
  limit: number,
  reader: string,
) => Promise<{ events: string[]; more: boolean }>;
type Archive = { archive: Pick<ArchiveQueries, "archivedAfter">; gate: Pick<ReadingGate, "through"> };
/** Events as JSON texts, ascending. `more`: there are older ones; `newer`: there are newer ones. */
type Window = { events: string[]; more: boolean; newer: boolean };
/** At most so many events below a seq, and from it on. */
type Counts = { older: number; newer: number };
/**
 * Reads the events around a seq, which need not exist.
 * @param reader key by which concurrent reads are bounded.
 * @throws Refusal `too_many_attempts`, or Unavailable, of the gate.
 */
export type ReadWindow = (room: string, from: number, counts: Counts, reader: string) => Promise<Window>;

/**
 * @param gate queues reads of the archive; reads of Redis bypass it.
 * @param redact makes an old event fit for readers.
 */
export function createReadWindow(
  log: LogView,
  older: Older,
  { archive, gate }: Archive,
  redact: (json: string) => string,
): ReadWindow {
  const upward = async (room: string, after: number, max: number, reader: string): Promise<string[]> => {
    const [{ entries, isComplete }, deleted] = await Promise.all([
      log.upward(room, after, max),
      log.deletedSeqs(room),
    ]);
    const read = () => archive.archivedAfter(room, after, max);
    const rows = isComplete ? [] : await gate.through(reader, read);
    const bySeq = new Map(
      rows.map((row) => [
        row.seq,
        archivedEventJson(
          room,
          deleted.has(row.seq, row.userId ?? undefined) ? { ...row, deleted: true } : row,
        ),
      ]),
    );
    // The log wins, because it knows deletions that PostgreSQL does not have yet.
    for (const { seq, bytes } of entries) bySeq.set(seq, bytes.toString());
    const inOrder = [...bySeq].sort(([a], [b]) => a - b);
    return inOrder.slice(0, max).map(([, json]) => redact(json));
  };

  return async (room, from, counts, reader) => {
    // One after the other, because a reader has few places at the gate.
    const above = await upward(room, from - 1, counts.newer + 1, reader);
    const below = await older(room, from, counts.older, reader);
    const newest = above.slice(0, counts.newer);
    return { events: [...below.events, ...newest], more: below.more, newer: above.length > newest.length };
  };
}
