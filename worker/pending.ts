/** What the worker still has to write: the rooms on the dirty lists, and their logs above `stored`. */
import { Unavailable } from "../shared/server/process/unavailable.ts";
import { type DeadLetter, type EventRow, readEvent } from "./event-row.ts";

type DirtyRoom = { room: string; since: number; count: number };

/** The part of the room scripts that the worker needs. */
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
  /** Redis' time of the oldest event, undefined when there is none. */
  since: number | undefined;
};

export type Batch = {
  rows: EventRow[];
  unreadable: DeadLetter[];
  /** Up to which seq the batch covers each room: what `stored` becomes once it is written. */
  upTo: Map<string, number>;
  /** The epoch that each room was in when it was read. */
  epochs: Map<string, string>;
};

/** Events in one transaction: some 3 MB of rows. */
export const BATCH_EVENTS = 2_000;
/** What a room may have of a crowded batch: a hot one must not keep the others waiting. */
const FAIR_SHARE = 100;
/** A count may lag behind its log; reading a few more than it says costs nothing. */
const MIN_READ = 50;

export async function findPending(logs: RoomLogs, shards: number): Promise<Pending> {
  const lists = await Promise.all(Array.from({ length: shards }, (_, shard) => logs.listPending(shard)));
  const rooms = lists.flat().sort((a, b) => a.since - b.since);
  const events = rooms.reduce((sum, { count }) => sum + count, 0);
  return { rooms, events, since: rooms[0]?.since };
}

/**
 * Reads the logs of the rooms that wait longest, up to a batch. Changes nothing.
 * @param onUnreadable told of a room whose log cannot be read for another reason than an outage; the others are read.
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
  // Without a head there is nothing to read, or something that cannot be read: then this says so.
  return head ? logs.readAfter(room, head.stored, max) : logs.readAfter(room, 0, 1);
}

/**
 * Rooms that were restored since the batch was read: Redis had lost them, and what it lost may have been given out anew. Asked
 * while the rooms are locked in PostgreSQL, so that a restore either sees the batch or is seen here.
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
