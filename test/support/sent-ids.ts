/** Ages the client ids that Redis remembers, as if time had passed. */
import type { Commands } from "../../shared/server/redis/connect.ts";
import type { RedisKeys } from "../../shared/server/redis/keys.ts";

type Place = { redis: Commands; keys: RedisKeys; room: string };

export const sentKeysOf = ({ redis, keys, room }: Place): Promise<string[]> =>
  redis.keys(`${keys.sent(keys.shardOf(room))}*`);

/**
 * Moves all remembered ids one slice (half of the minimum time) into the past, and deletes those that are too old then.
 */
export async function ageBySlice(place: Place): Promise<void> {
  const { redis, keys, room } = place;
  const shard = keys.shardOf(room);
  const clock = await redis.hgetall(keys.clock(shard));
  const slices = Object.entries(clock).flatMap(([field, value]) => (/^b\d$/.test(field) ? [value] : []));
  await redis.hdel(keys.clock(shard), "b0", "b1", "b2", "b3");
  const newest = Math.max(0, ...slices.map((value) => Number(value.split(" ")[0])));
  for (const value of slices) {
    const [slice, buckets] = value.split(" ").map(Number) as [number, number];
    if (slice > newest - 2)
      await redis.hset(keys.clock(shard), `b${(slice - 1) % 4}`, `${slice - 1} ${buckets}`);
  }
  const byAge = (await sentKeysOf(place)).map((key) => {
    const [slice = 0, bucket = 0] = key.slice(keys.sent(shard).length).split(":").map(Number);
    return { key, slice, bucket };
  });
  for (const { key, slice, bucket } of byAge.sort((a, b) => a.slice - b.slice)) {
    if (slice > newest - 2) await redis.rename(key, `${keys.sent(shard)}${slice - 1}:${bucket}`);
    else await redis.del(key);
  }
}

/** Makes shard and room look as if no gateway of the previous release had renewed a lease for a minute. */
export async function passMinute({ redis, keys, room }: Place): Promise<void> {
  const shard = keys.shardOf(room);
  const earlier = (mark: string | null): string =>
    (mark ?? "").replace(/n(\d+)$/, (_, at) => `n${at - 61_000}`);
  const [jumped = null, heard = null] = await redis.hmget(keys.clock(shard), "jumped", "heard");
  const [recalled = null, seen = null] = await redis.hmget(keys.room(room), "recalled", "seen");
  if (jumped) await redis.hset(keys.clock(shard), "jumped", earlier(jumped));
  if (heard) await redis.hset(keys.clock(shard), "heard", Number(heard) - 61_000);
  if (recalled) await redis.hset(keys.room(room), "recalled", earlier(recalled));
  if (seen) await redis.hset(keys.room(room), "seen", Number(seen) - 61_000);
}
