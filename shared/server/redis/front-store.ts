/** Which users have a page in front of them, on any gateway, and how far they have read: nobody is notified of what they see. */
import type { Commands } from "./connect.ts";
import type { RedisKeys } from "./keys.ts";

export type FrontStore = ReturnType<typeof openFrontStore>;

export function openFrontStore(
  redis: Commands,
  keys: Pick<RedisKeys, "userFront" | "userReads" | "mentions">,
) {
  return {
    /** Marks users until `until`, ms since the epoch, in the name of a gateway. */
    async keep(instance: string, userIds: readonly string[], until: number, lifeMs: number): Promise<void> {
      await Promise.all(
        userIds.flatMap((id) => [
          redis.hset(keys.userFront(id), instance, String(until)),
          redis.pexpire(keys.userFront(id), lifeMs),
        ]),
      );
    },

    /** The gateway has no page of this user in front any more. */
    async drop(instance: string, userId: string): Promise<void> {
      await redis.hdel(keys.userFront(userId), instance);
    },

    /** Those of these users who have a page in front anywhere. */
    async inFront(userIds: readonly string[], now = Date.now()): Promise<Set<string>> {
      const marks = await Promise.all(userIds.map((id) => redis.hgetall(keys.userFront(id))));
      const isMarked = (fields: Record<string, string> = {}): boolean =>
        Object.values(fields).some((until) => Number(until) > now);
      return new Set(userIds.filter((_, i) => isMarked(marks[i])));
    },

    /** The id of the newest entry in a shard's stream of mentions. */
    async newestMention(shard: number): Promise<string | undefined> {
      const [newest] = await redis.xrevrange(keys.mentions(shard), "+", "-", "COUNT", 1);
      return newest?.[0];
    },

    /** How far each of these has read the room; 0: unknown. */
    async readUpTo(places: readonly { userId: string; room: string }[]): Promise<number[]> {
      const found = await Promise.all(
        places.map(({ userId, room }) => redis.hget(keys.userReads(userId), room)),
      );
      return found.map(Number);
    },
  };
}
