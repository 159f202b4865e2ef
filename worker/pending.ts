/** Finds and reads the events that are not archived yet: the rooms on the dirty lists, and their logs above `stored`. */
import { Unavailable } from "../shared/server/process/unavailable.ts";
import { type DeadLetter, type EventRow, readEvent } from "./event-row.ts";

type DirtyRoom = { room: string; since: number; count: number };

/** The part of RoomLogStore that the archive needs. */
export type RoomLogs = {
  listPending: (shard: number) => Promise<DirtyRoom[]>;
  heads: (rooms: string[]) => Promise<(RoomHead | undefined)[]>;
  readAfter: (room: string, after: number, max: number) => Promise<LogPart | undefined>;
  commit: (room: string, seq: number) => Promise<void>;
};
type RoomHead = { current: boolean; epoch: string; stored: number };
type LogPart = { state: { epoch: string }; entries: { seq: number; bytes: Buffer }[] };

export type Pending = {
  /** Oldest first. */
  rooms: DirtyRoom[];
  events: number;
  /** Redis' time of the oldest event in ms; undefined if there is none. */
  since: number | undefined;
};

export type Batch = {
  rows: EventRow[];
  unreadable: DeadLetter[];
  /** The last seq of each room in the batch, which becomes `stored` once the batch is written. */
  upTo: Map<string, number>;
  /** The epoch of each room when it was read. */
  epochs: Map<string, string>;
};

/** Max events in one transaction: about 3 MB of rows. */
export const BATCH_EVENTS = 2_000;
/** Max events of one room in a full batch, so that a busy room does not delay the others. */
const FAIR_SHARE = 100;
/** Min events to request from a log, because its count may be too low and a few more cost nothing. */
const MIN_READ = 50;

export async function findPending(logs: RoomLogs, shards: number): Promise<Pending> {
  const lists = await Promise.all(Array.from({ length: shards }, (_, shard) => logs.listPending(shard)));
  const rooms = lists.flat().sort((a, b) => a.since - b.since);
  const events = rooms.reduce((sum, { count }) => sum + count, 0);
  return { rooms, events, since: rooms[0]?.since };
}

/**
 * Reads a batch from the logs of the rooms that have waited longest. Changes nothing.
 * @param onUnreadable called with each room whose log cannot be read, except in an outage; the other rooms are read.
 */
export async function readBatch(
  logs: RoomLogs,
  { rooms }: Pending,
  onUnreadable: (room: string, error: unknown) => void,
): Promise<Batch> {
  const share = Math.max(FAIR_SHARE, Math.floor(BATCH_EVENTS / rooms.length));
  const read = await Promise.all(
    takeTurns(rooms, share).map(async ({ room, count }) => {
      const max = Math.min(Math.max(count, MIN_READ), share);
      try {
        return { room, part: await readAboveStored(logs, room, max) };
      } catch (error) {
        if (error instanceof Unavailable) throw error;
        onUnreadable(room, error);
        return { room, part: undefined };
      }
    }),
  );
  const batch: Batch = { rows: [], unreadable: [], upTo: new Map(), epochs: new Map() };
  for (const { room, part } of read) {
    if (!part) continue;
    batch.epochs.set(room, part.state.epoch);
    for (const { seq, bytes } of part.entries) {
      const event = readEvent(room, { seq, json: bytes.toString("utf8") });
      if (event.ok) batch.rows.push(event.row);
      else batch.unreadable.push(event.dead);
      batch.upTo.set(room, seq);
    }
  }
  return batch;
}

function takeTurns(rooms: DirtyRoom[], share: number): DirtyRoom[] {
  let left = BATCH_EVENTS;
  return rooms.filter(({ count }) => {
    const fits = left > 0;
    left -= Math.min(Math.max(count, 1), share);
    return fits;
  });
}

async function readAboveStored(logs: RoomLogs, room: string, max: number): Promise<LogPart | undefined> {
  const [head] = await logs.heads([room]);
  // Without a head there is no log, or an unreadable one: reading it throws the error.
  return head ? logs.readAfter(room, head.stored, max) : logs.readAfter(room, 0, 1);
}

/**
 * The rooms that were restored since the batch was read: Redis had lost them, so the seqs of the batch may belong to other events
 * now. Called while the rooms are locked in PostgreSQL, so that a restore either sees the batch or is seen here.
 */
export async function findRestored(
  logs: Pick<RoomLogs, "heads">,
  epochs: Batch["epochs"],
): Promise<Set<string>> {
  const restored = await Promise.all(
    [...epochs].map(async ([room, epoch]) => {
      const [head] = await logs.heads([room]);
      return head?.current && head.epoch !== epoch ? [room] : [];
    }),
  );
  return new Set(restored.flat());
}
