/** How far users have read: in Redis for gateways, and on its way to PostgreSQL for the worker. */
import type { Commands } from "./connect.ts";
import { createGroupCommit } from "./group-commit.ts";
import type { RedisKeys } from "./keys.ts";
import { openScript } from "./script.ts";

export type ReadStore = ReturnType<typeof openReadStore>;

export type Move = { userId: string; room: string; seq: number };
/** `isComplete`: PostgreSQL was asked in this run of Redis. */
export type KnownReads = { run: string; isComplete: boolean; reads: Map<string, number> };

/** A user who does not come for so long is looked up in PostgreSQL. */
const FORGET_MS = 2 * 86_400_000;
/** Max rooms whose reads are kept for a user, and max reads of a shard that wait for the worker. */
const MAX_ROOMS = 1_000;
const MAX_MOVED = 20_000;
const USER_BYTES = 80;
const MOVE_BYTES = 200;

export function openReadStore(redis: Commands, keys: RedisKeys) {
  const find = openScript(redis, "find-reads");
  const keep = openScript(redis, "keep-reads");
  const move = openScript(redis, "move-reads");
  const settle = openScript(redis, "settle-reads");

  return {
    /** A user's reads. Questions that come together share one call. */
    find: createGroupCommit(findAll, () => USER_BYTES),

    /** Adds reads, without a word to anybody. @param run of Redis before PostgreSQL was asked, if these are all that it knows; otherwise ''. */
    async keep(userId: string, run: string, reads: ReadonlyMap<string, number>): Promise<void> {
      await keep.run([keys.userReads(userId)], [run, FORGET_MS, ...[...reads].flat()]);
    },

    /** Moves a read forward, and announces it to all gateways. Moves that come together share one call and one message. */
    move: createGroupCommit(moveAll, () => MOVE_BYTES),

    /** The reads of one shard that PostgreSQL may not have yet. */
    async listMoved(shard: number): Promise<Move[]> {
      const found = await redis.hgetall(keys.movedReads(shard));
      return Object.entries(found).flatMap(([field, seq]) => {
        const [userId, room] = field.split(" ");
        return userId && room ? [{ userId, room, seq: Number(seq) }] : [];
      });
    },

    /** Forgets moved reads that PostgreSQL has, unless they moved on. */
    async settle(shard: number, moves: readonly Move[]): Promise<void> {
      const fields = moves.flatMap(({ userId, room, seq }) => [`${userId} ${room}`, seq]);
      if (fields.length > 0) await settle.run([keys.movedReads(shard)], fields);
    },
  };

  async function findAll(userIds: string[]): Promise<KnownReads[]> {
    const [run, ...found] = (await find.runBatch(userIds.map(keys.userReads), [])) as [string, ...string[][]];
    return found.map((fields) => {
      const reads = new Map<string, number>();
      let askedIn = "";
      for (let at = 0; at + 1 < fields.length; at += 2) {
        const [room = "", value = ""] = [fields[at], fields[at + 1]];
        if (room === "*") askedIn = value;
        else reads.set(room, Number(value));
      }
      return { run, isComplete: askedIn === run, reads };
    });
  }

  async function moveAll(moves: Move[]): Promise<undefined[]> {
    const names = moves.flatMap(({ userId }) => [
      keys.userReads(userId),
      keys.movedReads(keys.shardOf(userId)),
    ]);
    const args = moves.flatMap(({ userId, room, seq }) => [userId, room, seq]);
    await move.runBatch(
      [keys.readsCount, keys.readsChannel, ...names],
      [FORGET_MS, MAX_ROOMS, MAX_MOVED, ...args],
    );
    return moves.map(() => undefined);
  }
}

/** A message about reads: its number, and the moves. Undefined for bytes that are none. */
export function movesIn(message: string): { count: number; moves: Move[] } | undefined {
  const [count, ...fields] = message.split(" ");
  if (fields.length % 3 !== 0 || !Number.isSafeInteger(Number(count))) return undefined;
  const moves: Move[] = [];
  for (let at = 0; at < fields.length; at += 3)
    moves.push({ userId: fields[at] ?? "", room: fields[at + 1] ?? "", seq: Number(fields[at + 2]) });
  return { count: Number(count), moves };
}
