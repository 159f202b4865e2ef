/** Whether a process may join the cluster of a database with the Redis that it was given. Pure. */
import { Refused } from "../process/refused.ts";
import type { ClusterMark } from "../redis/cluster-mark-store.ts";
import type { Living } from "./membership-queries.ts";
import { fitTogether } from "./signing-keys.ts";

type Found = {
  clusterId: string;
  mark: ClusterMark;
  /** The other processes that live, the oldest first. */
  living: readonly Living[];
  /** Every Redis that was the cluster's, oldest first. */
  redises: readonly string[];
  signingKeys: readonly string[];
  keyPrefix: string;
};

/**
 * `redis`: the id of its Redis; undefined: Redis has none, and gets one. `strangerTo`: a process that it cannot run beside, for the
 * reason in `refusal`, if that process still lives.
 */
type Decision = { redis: string | undefined } | { strangerTo: Living; refusal: Refused };

/** @throws Refused in one line. */
export function decide({ clusterId, mark, living, redises, signingKeys, keyPrefix }: Found): Decision {
  if (mark.clusterId !== undefined && mark.clusterId !== clusterId)
    throw new Refused(
      `This Redis holds the logs of another cluster under the key prefix ${keyPrefix}: give REDIS_URL of this cluster's, or remove ${keyPrefix}:* if that cluster is gone`,
    );
  const otherKeys = living.find((each) => !fitTogether(signingKeys, each.signingKeys));
  if (otherKeys) return { strangerTo: otherKeys, refusal: differentKeys(otherKeys) };
  const [oldest] = living;
  if (oldest)
    return oldest.redis === mark.redisId
      ? { redis: oldest.redis }
      : { strangerTo: oldest, refusal: otherRedis(oldest) };
  if (mark.redisId !== undefined && redises.slice(0, -1).includes(mark.redisId))
    throw new Refused(
      `This Redis was this cluster's until another took its place, so its logs are old: give REDIS_URL of the later one, or remove ${keyPrefix}:* from this one`,
    );
  return { redis: mark.redisId };
}

type Named = Pick<Living, "kind" | "name" | "machine">;

export const otherRedis = (living: Named): Refused =>
  new Refused(
    `This is not the Redis of this cluster: ${nameOf(living)} lives on another one. Give the same REDIS_URL, or stop that one first`,
  );

export const otherPrefix = (ours: string, agreed: string): Refused =>
  new Refused(
    `SUDA_KEY_PREFIX is ${ours}, but the cluster of this database has ${agreed}: its logs in Redis are there`,
  );

const differentKeys = (living: Living): Refused =>
  new Refused(
    `The signing keys are not those of this cluster: ${nameOf(living)} has others. Give SUDA_JWT_KEYS as there, or stop that one first`,
  );

const nameOf = ({ kind, name, machine }: Named): string =>
  `${kind === "runner" ? "the cluster" : name} on ${machine}`;
