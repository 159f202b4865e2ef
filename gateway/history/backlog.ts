/**
 * Events between a returning client's position and this gateway's memory: from the log in Redis, and below that from
 * PostgreSQL, a page at a time. Only stored events are trimmed from the log, so everything below it is in PostgreSQL
 * (or is a dead letter): the pages join the log without a gap, and events that are trimmed between two reads are read
 * again there.
 */

import { type ArchivedEvent, archivedEventJson } from "../../shared/server/events/archived-event.ts";
import { createGate } from "../../shared/server/process/gate.ts";
import { singleFlight } from "../../shared/server/process/single-flight.ts";
import type { Deleted } from "../../shared/server/redis/removal-store.ts";
import type { RoomState } from "../../shared/server/redis/room-state.ts";
import type { LoggedEvent } from "../events/event.ts";
import type { RoomRead } from "../room-log/live-room.ts";
import type { LogReads } from "../room-log/log-reads.ts";
import type { ArchiveQueries } from "./archive-queries.ts";

export type BacklogDeps = {
  logs: Pick<LogReads, "state" | "after">;
  archive: Pick<ArchiveQueries, "archived" | "archivedAfter">;
  /** The messages whose deletion PostgreSQL may not have yet. */
  deletedSeqs: (room: string) => Promise<Deleted>;
  /** Makes an old event fit for readers. */
  redact: (json: string) => string;
  /** Max events from PostgreSQL. */
  maxEvents: number;
};
/** The first events after a seq. `more`: there may be further ones. */
export type Backlog = RoomRead & { more: boolean };
export type ReadBacklog = (
  room: string,
  seq: number,
  enoughBytes: number,
  asker: string,
) => Promise<Backlog | undefined>;
type Page = { rows: ArchivedEvent[]; upTo: number; more: boolean };

/** Rows per read: fewer bytes than a socket may hold, however long the messages are. */
const PAGE = 500;
/** Max concurrent reads; chat needs the other connections. */
const AT_ONCE = 2;
/** Less than a client's timeout for the answer to a join. */
const PATIENCE_MS = 4_000;
/** Max waiting reads of different rooms and positions; the same ones share a read. */
const MAX_WAITING = 10_000;

/** @returns the number of events between a seq and the log, in this epoch and the previous one. */
function missing({ floor, base, prevUpTo }: RoomState, seq: number): number {
  const before = Math.min(prevUpTo, floor - 1) - seq;
  return Math.max(0, before) + Math.max(0, floor - 1 - Math.max(base, seq));
}

/**
 * @returns a function that reads the events after a seq, or undefined if that reaches further back than `maxEvents` or
 * than PostgreSQL. It throws Unavailable.
 */
export function createBacklog({ logs, archive, deletedSeqs, redact, maxEvents }: BacklogDeps): ReadBacklog {
  const gate = createGate({ running: AT_ONCE, waiting: MAX_WAITING, waitMs: PATIENCE_MS });
  /**
   * Rows above a seq, up to another one.
   * @returns undefined when some may be gone, because no row as old as the seq is left.
   */
  const readPage = async (room: string, seq: number, upTo: number): Promise<Page | undefined> => {
    // Read before the rows: a later deletion arrives as an event.
    const hidden = await deletedSeqs(room);
    const found = await archive.archivedAfter(room, seq - 1, PAGE + 2);
    const joins = (found[0]?.seq ?? Number.POSITIVE_INFINITY) <= seq + 1;
    if (!joins && (await archive.archived(room, seq, 1)).length === 0) return undefined;
    const rows = found
      .filter((row) => row.seq > seq && row.seq <= upTo)
      .map((row) => (hidden.has(row.seq, row.userId ?? undefined) ? { ...row, deleted: true } : row));
    return { rows: rows.slice(0, PAGE), upTo, more: rows.length > PAGE };
  };

  /** Clients that were disconnected together ask for the same page. */
  const sharedPage = singleFlight(
    (room: string, seq: number, upTo: number, asker: string) =>
      gate.through(asker, () => readPage(room, seq, upTo)),
    { keyOf: (room, seq) => `${room} ${seq}` },
  );

  return async function read(room, seq, enoughBytes, asker): Promise<Backlog | undefined> {
    const state = await logs.state(room);
    const again = (): Promise<Backlog | undefined> => read(room, seq, enoughBytes, asker);
    if (state.floor <= seq + 1) {
      const found = await logs.after(room, seq, enoughBytes);
      if (found.state.expired > seq) return undefined;
      return found.state.floor <= seq + 1 ? found : again();
    }
    if (state.expired > seq || missing(state, seq) > maxEvents) return undefined;
    const page = await sharedPage(room, seq, state.floor - 1, asker);
    if (!page) return undefined;
    // Rows have no epoch. No client can have a position in an epoch older than the previous one.
    const entries: LoggedEvent[] = page.rows.map((row) => ({
      seq: row.seq,
      epoch: row.seq <= state.prevUpTo ? state.prevEpoch : state.epoch,
      bytes: Buffer.from(redact(archivedEventJson(room, row))),
    }));
    const first = { state: { ...state, floor: seq + 1 }, entries, more: true };
    if (page.more) return first;
    const rest = await logs.after(room, page.upTo, enoughBytes);
    if (rest.state.expired > page.upTo) return undefined;
    if (rest.state.floor > page.upTo + 1) return entries.length > 0 ? first : again();
    return {
      state: { ...rest.state, floor: seq + 1 },
      entries: [...entries, ...rest.entries],
      more: rest.more,
    };
  };
}
