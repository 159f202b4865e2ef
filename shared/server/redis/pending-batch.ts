/** The pending rooms of shards, as one call of pending.lua for those that are asked for together. */
import type { Commands } from "./connect.ts";
import { createGroupCommit } from "./group-commit.ts";
import type { RedisKeys } from "./keys.ts";
import { openScript } from "./script.ts";

export type PendingRoom = { room: string; since: number; count: number };

const LIST_BYTES = 100;
/** The lists of some thousand busy rooms take Redis a few milliseconds. */
const MAX_SHARDS = 16;

/** @returns a function that lists the rooms of a shard with events above `stored`, since when, and how many. */
export function openPending(redis: Commands, keys: RedisKeys): (shard: number) => Promise<PendingRoom[]> {
  const pending = openScript(redis, "pending");
  return createGroupCommit(listAll, () => LIST_BYTES, { maxItems: MAX_SHARDS });

  async function listAll(shards: number[]): Promise<PendingRoom[][]> {
    const lists = (await pending.runBatch(shards.map(keys.dirty), [])) as string[][];
    return lists.map((list) =>
      list.flatMap((room, at) =>
        at % 3 === 0 ? [{ room, since: Number(list[at + 1]), count: Number(list[at + 2]) }] : [],
      ),
    );
  }
}
