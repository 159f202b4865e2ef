/** Has a message that concerns somebody archived soon, because whoever has no page open is notified only then. */
import { LINE_NAME } from "../../shared/limits.ts";

const LINES_MS = 1_000;

/** @param newest id of the newest entry in a shard's stream of mentions. @returns a function that says whether one of these rooms' shards has a new one. */
export function createMentionWatch(
  newest: (shard: number) => Promise<string | undefined>,
  shardOf: (room: string) => number,
) {
  const seen = new Map<number, string>();

  return async (rooms: readonly { room: string }[]): Promise<boolean> => {
    const shards = [...new Set(rooms.map(({ room }) => shardOf(room)))];
    const ids = await Promise.all(shards.map(newest));
    let isNew = false;
    for (const [i, shard] of shards.entries()) {
      const id = ids[i];
      if (id === undefined || seen.get(shard) === id) continue;
      seen.set(shard, id);
      isNew = true;
    }
    return isNew;
  };
}

/** @returns a function that says whether one of these rooms is a direct line, once a second at most, because many of them talk at any time. */
export function createLineWatch(now = () => performance.now()) {
  let seenAt = Number.NEGATIVE_INFINITY;

  return (rooms: readonly { room: string }[]): boolean => {
    if (now() - seenAt < LINES_MS || !rooms.some(({ room }) => LINE_NAME.test(room))) return false;
    seenAt = now();
    return true;
  };
}
