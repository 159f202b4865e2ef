/** Client ids that have a seq, in Redis, for callers outside the scripts that append. */
import { DEDUPE_MS } from "../../limits.ts";
import type { Commands } from "./connect.ts";
import type { RedisKeys } from "./keys.ts";
import { openScript } from "./script.ts";
import { sentId } from "./sent-id.ts";

/** Client ids per batch: ten minutes of a busy room are a hundred thousand, and its messages wait for a batch. */
const REMEMBERED_AT_ONCE = 1_000;

export function openSentIdStore(redis: Commands, keys: RedisKeys) {
  const invalidate = openScript(redis, "jumped-clock");
  const remember = openScript(redis, "remember");
  const find = openScript(redis, "find-sent");
  const sentKeys = (room: string): string[] => {
    const shard = keys.shardOf(room);
    return [keys.room(room), keys.sent(shard), keys.clock(shard)];
  };

  return {
    /** @returns the seq of a client id; undefined: not remembered. */
    async findSeq(room: string, userId: string, clientId: string): Promise<number | undefined> {
      const own = [...sentKeys(room), keys.sentBefore(room, userId, clientId)];
      const seq = await find.run(own, [DEDUPE_MS, sentId(room, userId, clientId)]);
      return seq === null ? undefined : Number(seq);
    },

    /** Remembers client ids that are known from elsewhere; never overrules Redis. */
    async rememberSent(
      room: string,
      messages: { userId: string; clientId: string; seq: number }[],
    ): Promise<void> {
      for (let from = 0; from < messages.length; from += REMEMBERED_AT_ONCE) {
        const some = messages.slice(from, from + REMEMBERED_AT_ONCE);
        const former = some.map(({ userId, clientId }) => keys.sentBefore(room, userId, clientId));
        const ids = some.flatMap(({ userId, clientId, seq }) => [sentId(room, userId, clientId), seq]);
        await remember.run([...sentKeys(room), ...former], [DEDUPE_MS, ...ids]);
      }
    },

    /** @returns the times of the last append and of a jump of Redis' clock by which client ids may have expired early. */
    async findClockJump(room: string): Promise<{ seen: number; jumped: string } | undefined> {
      const [seen, jumped] = (await invalidate.run(
        [keys.room(room), keys.clock(keys.shardOf(room))],
        [],
      )) as string[];
      return jumped === undefined ? undefined : { seen: Number(seen ?? 0), jumped };
    },

    /** To be called when all client ids from before the jump of the clock are remembered again. */
    async acknowledgeClockJump(room: string, jumped: string): Promise<void> {
      await redis.hset(keys.room(room), "recalled", jumped);
    },
  };
}
