/**
 * What a client lacks that comes back from before this gateway's memory: out of the log in Redis, and what is older than that
 * out of PostgreSQL, a page at a time. Everything below the log is in PostgreSQL (or a dead letter), since nothing is trimmed
 * that is not stored: so the pages join on to the log without a gap, and events trimmed between two reads are read again there.
 */

import { createGate } from "../../shared/server/process/gate.ts";
import { singleFlight } from "../../shared/server/process/single-flight.ts";
import type { RoomState } from "../../shared/server/redis/room-state.ts";
import { type ArchivedEvent, archivedEventJson } from "../events/archived-event.ts";
import type { LoggedEvent } from "../events/event.ts";
import type { RoomRead } from "../room-log/live-room.ts";
import type { LogReads } from "../room-log/log-reads.ts";
import type { ArchiveQueries } from "./archive-queries.ts";

export type BacklogDeps = {
  logs: Pick<LogReads, "state" | "after">;
  archive: Pick<ArchiveQueries, "archived" | "archivedAfter">;
  /** Seqs whose deletion PostgreSQL may not have yet. */
  deletedSeqs: (room: string) => Promise<Set<number>>;
  /** What readers may see of an event that was said earlier. */
  redact: (json: string) => string;
  /** Events older than the log that are given. */
  maxEvents: number;
};
/** The first of what follows a seq. `more`: there may be more than this. */
export type Backlog = RoomRead & { more: boolean };
export type ReadBacklog = (
  room: string,
  seq: number,
  enoughBytes: number,
  asker: string,
) => Promise<Backlog | undefined>;
type Page = { rows: ArchivedEvent[]; upTo: number; more: boolean };

/** Rows at a time: less than a socket may hold, however long the messages are. */
const PAGE = 500;
/** Pages that are read at a time; chat needs the rest of the connections. */
const AT_ONCE = 2;
/** Less than a client waits for the answer to a join. */
const PATIENCE_MS = 4_000;
/** Of different rooms and positions: those who lack the same share one. */
const MAX_WAITING = 10_000;

/** Events between a seq and the log, in this epoch and the one before. */
function missing({ floor, base, prevUpTo }: RoomState, seq: number): number {
  const before = Math.min(prevUpTo, floor - 1) - seq;
  return Math.max(0, before) + Math.max(0, floor - 1 - Math.max(base, seq));
}

/** @returns reads what follows a seq; undefined: that reaches further back than is given, or than PostgreSQL keeps. @throws an outage */
export function createBacklog({ logs, archive, deletedSeqs, redact, maxEvents }: BacklogDeps): ReadBacklog {
  const gate = createGate({ running: AT_ONCE, waiting: MAX_WAITING, waitMs: PATIENCE_MS });
  /** Rows above a seq, up to another one. Null: some may be gone, since nothing as old as the seq is left. */
  const readPage = async (room: string, seq: number, upTo: number): Promise<Page | undefined> => {
    // Asked for before the rows: what is deleted later is told as an event.
    const hidden = await deletedSeqs(room);
    const found = await archive.archivedAfter(room, seq - 1, PAGE + 2);
    const joins = (found[0]?.seq ?? Number.POSITIVE_INFINITY) <= seq + 1;
    if (!joins && (await archive.archived(room, seq, 1)).length === 0) return undefined;
    const rows = found
      .filter((row) => row.seq > seq && row.seq <= upTo)
      .map((row) => (hidden.has(row.seq) ? { ...row, deleted: true } : row));
    return { rows: rows.slice(0, PAGE), upTo, more: rows.length > PAGE };
  };

  /** Clients that were cut off together ask for the same. */
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
    // Rows do not say their epoch; of older ones than the epoch before nobody can hold a position.
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
