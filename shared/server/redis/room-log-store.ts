/** The Redis side of a room's log: one typed function for each script. No other file calls these scripts. */
import { DEDUPE_MS } from "../../limits.ts";
import { openAppend } from "./append-batch.ts";
import { openCommit } from "./commit-batch.ts";
import type { Commands } from "./connect.ts";
import type { Draft } from "./event-draft.ts";
import { openHead } from "./head-batch.ts";
import { openIdleRoomStore } from "./idle-room-store.ts";
import type { RedisKeys } from "./keys.ts";
import { openPending } from "./pending-batch.ts";
import { reactionKeys } from "./reaction-store.ts";
import { openRemovalStore } from "./removal-store.ts";
import type { Head, LogBounds, LogEntry, RoomState } from "./room-state.ts";
import { openScript } from "./script.ts";
import { sentId } from "./sent-id.ts";
import { openSentIdStore } from "./sent-id-store.ts";

export type RoomLogStore = ReturnType<typeof openRoomLogStore>;

type Sender = { userId: string; clientId: string };
type Restoration = {
  epoch: string;
  /** Start of the epoch, above every seq known anywhere; and the highest seq in PostgreSQL. */
  base: number;
  postgresSeq: number;
  /** The previous epoch, and the seq up to which it is certainly complete. */
  prevEpoch: string;
  prevUpTo: number;
  /** Highest seq of earlier rooms of this name; 0 or absent: there were none. */
  bornSeq?: number;
  /** Events that the log lacks, in order and without a gap. `sent`: the client id, if it has one. */
  entries: (LogEntry & { sent: Sender | undefined })[];
};

/**
 * `any`: of any author. `tombstone`: of a target that is in PostgreSQL only. `takeBackMs`: the age up to which its author may take the target
 * back; undefined: it is not asked for.
 */
type Deletion = { target: number; any: boolean; tombstone: string; takeBackMs?: number };

const number = (raw: unknown): number => Number(raw ?? 0);
const text = (raw: unknown): string => String(raw ?? "");

function entryOf(raw: unknown, room: string): LogEntry {
  const [id, fields] = raw as [Buffer, [Buffer, Buffer] | undefined];
  const [epoch, bytes] = fields ?? [];
  if (!epoch || !bytes) throw new Error(`an entry of the log of room ${room} has not the fields of one`);
  // Copied, because the reply's large chunk would stay in memory as long as the smallest event in it.
  return {
    seq: Number.parseInt(id.toString("latin1"), 10),
    epoch: epoch.toString("latin1"),
    bytes: Buffer.from(bytes),
  };
}

export function openRoomLogStore(redis: Commands, keys: RedisKeys, bounds: LogBounds) {
  const read = openScript(redis, "read");
  const headOf = openHead(redis, keys);
  const restore = openScript(redis, "restore");
  const remove = openScript(redis, "delete");
  const expire = openScript(redis, "expire");
  const typing = openScript(redis, "typing");
  const seal = openScript(redis, "seal");
  const drop = openScript(redis, "drop");
  const appendKeys = (room: string): string[] => {
    const shard = keys.shardOf(room);
    return [keys.room(room), keys.log(room), keys.sent(shard), keys.dirty(shard), keys.channel(room)];
  };

  return {
    ...openSentIdStore(redis, keys),
    ...openIdleRoomStore(redis, keys),

    /**
     * Gives the event its seq, stores and publishes it, atomically; a client id sent before gets its first seq again. Events that
     * come together share one call; each is answered alone.
     * @returns undefined when the room must be restored first.
     */
    append: openAppend(redis, keys),

    /**
     * Appends `deleted` and removes the target's text from the log. For a deleted target: the first deletion's seq.
     * @returns undefined when the room must be restored first; `archived` when it needs the target from PostgreSQL.
     */
    async delete(
      draft: Draft,
      { target, any, tombstone, takeBackMs = -1 }: Deletion,
    ): Promise<{ seq: number; isTakenBack: boolean } | "forbidden" | "absent" | "archived" | undefined> {
      const { room, userId, clientId, prefix, suffix } = draft;
      const reply = (await remove.run(
        [
          ...appendKeys(room),
          keys.tombstones(room),
          keys.clock(keys.shardOf(room)),
          keys.sentBefore(room, userId, clientId),
        ],
        [
          ...[room, target, userId, any ? 1 : 0, prefix, suffix, DEDUPE_MS, tombstone],
          ...[sentId(room, userId, clientId), takeBackMs],
        ],
      )) as number[] | "forbidden" | "absent" | "archived";
      if (typeof reply === "string") return reply;
      const [seq, takenBack] = reply;
      return seq === undefined ? undefined : { seq, isTakenBack: takenBack === 1 };
    },

    /** Publishes to the room that the user is typing, throttled by `everyMs`. Stores no event. */
    async typing(room: string, userId: string, everyMs: number, frame: string): Promise<void> {
      await typing.run([keys.typing(room, userId), keys.channel(room)], [everyMs, frame]);
    },

    ...openRemovalStore(redis, keys),

    /** State and the events above `after`, oldest first; undefined without a room. */
    readAfter: (room: string, after: number, max: number) => readLog(room, after, max),
    /** State and the newest events, oldest first; undefined without a room. */
    readNewest: (room: string, max: number) => readLog(room, -1, max),
    /** State and the newest events below a seq, oldest first; undefined without a room. */
    readBefore: (room: string, below: number, max: number) => readLog(room, -1, max, String(below)),

    /** The positions of rooms; undefined for a room that does not exist. Questions that come together share one call. */
    heads: (rooms: string[]): Promise<(Head | undefined)[]> => Promise.all(rooms.map(headOf)),

    /** Starts a fresh epoch. @returns false when another gateway was first (compare-and-set). */
    async restore(room: string, restoration: Restoration): Promise<boolean> {
      const { epoch, base, postgresSeq, prevEpoch, prevUpTo, bornSeq = 0, entries } = restoration;
      const log = keys.log(room);
      const former = entries.map(({ sent }) =>
        sent ? keys.sentBefore(room, sent.userId, sent.clientId) : log,
      );
      const offered = entries.flatMap(({ seq, epoch: of, bytes, sent }) => [
        ...[seq, of, bytes],
        sent ? sentId(room, sent.userId, sent.clientId) : "",
      ]);
      const places = [base, postgresSeq, prevEpoch, prevUpTo, DEDUPE_MS, bornSeq];
      const args = [room, epoch, ...places, ...offered];
      const shard = keys.shardOf(room);
      const own = [keys.room(room), log, keys.dirty(shard), keys.tombstones(room)];
      const ofShard = [keys.sent(shard), keys.clock(shard)];
      return (await restore.run([...own, ...ofShard, ...reactionKeys(keys, room), ...former], args)) === 1;
    },

    /** PostgreSQL has the room's events up to `seq`. Raises `stored`, trims, clears the dirty entry. Idempotent. */
    commit: openCommit(redis, keys, bounds),

    /**
     * Removes events from before a time, in batches.
     * @returns `trimmed`: some were removed; `left`: some are left, beyond this batch or not stored yet.
     */
    async expire(room: string, from: number, max: number): Promise<{ trimmed: boolean; left: boolean }> {
      const reply = (await expire.run(
        [keys.room(room), keys.log(room), keys.tombstones(room)],
        [from, max],
      )) as number[];
      return { trimmed: reply[0] === 1, left: reply[1] === 1 };
    },
    /** Rooms of one shard whose logs are long because they were busy: trimmed again once they are quiet. */
    listOversized: (shard: number): Promise<string[]> => redis.hgetall(keys.long(shard)).then(Object.keys),

    /** Stops a room that is about to be closed: nothing is appended until a restore. @returns the highest seq given. */
    seal: async (room: string): Promise<number> => number(await seal.run([keys.room(room)], [])),

    /**
     * Removes a closed room's keys. `upTo`: its highest seq; undefined for an archived room, which keeps its hash and
     * loses the others only while it is sealed and PostgreSQL has all of it.
     * @returns whether they are gone.
     */
    async drop(room: string, upTo?: number): Promise<boolean> {
      const own = [keys.room(room), keys.log(room), keys.tombstones(room), keys.dirty(keys.shardOf(room))];
      return (
        (await drop.run(
          [...own, ...reactionKeys(keys, room)],
          [room, upTo ?? "", upTo === undefined ? 1 : 0],
        )) === 1
      );
    },

    /** The pending rooms of one shard, for the worker. Questions that come together share one call. */
    listPending: openPending(redis, keys),
  };

  async function readLog(room: string, after: number, max: number, below = "") {
    const reply = (await read.runBytes(
      [keys.room(room), keys.log(room), keys.tombstones(room)],
      [after, max, below],
    )) as unknown[];
    if (reply.length === 0) return undefined;
    const [current, epoch, seq, stored, floor, prevEpoch, prevUpTo, expired, base, ...entries] = reply;
    const state: RoomState = {
      current: number(current) === 1,
      away: number(current) === 2,
      epoch: text(epoch),
      seq: number(seq),
      stored: number(stored),
      floor: number(floor),
      base: number(base),
      prevEpoch: text(prevEpoch),
      prevUpTo: number(prevUpTo),
      expired: number(expired),
    };
    return { state, entries: entries.map((entry) => entryOf(entry, room)) };
  }
}
