/**
 * The mark by which a Redis is known: its own id, made once, and the id of the cluster whose logs it holds. Uses only commands that
 * gateways and workers of every release may run.
 */
import type { Redis } from "./connect.ts";
import type { RedisKeys } from "./keys.ts";

/** Empty parts: Redis is new, or it was emptied. */
export type ClusterMark = { redisId?: string; clusterId?: string };

export function openClusterMarkStore(redis: Redis, keys: Pick<RedisKeys, "clusterMark">) {
  const key = keys.clusterMark;
  const read = async (): Promise<ClusterMark> => {
    const [redisId, clusterId] = await redis.hmget(key, "redis", "cluster");
    return { ...(redisId ? { redisId } : {}), ...(clusterId ? { clusterId } : {}) };
  };

  return {
    read,
    /** Writes the parts that are not there. @returns the mark as it is now. */
    async put({ redisId, clusterId }: Required<ClusterMark>): Promise<ClusterMark> {
      const setRedis = redis.hsetnx(key, "redis", redisId);
      const setCluster = redis.hsetnx(key, "cluster", clusterId);
      // Redis runs them in this order, and answers all three at once.
      const [now] = await Promise.all([read(), setRedis, setCluster]);
      return now;
    },
  };
}
