/** Looks at the cluster of a database without joining it, as `npm run doctor` does. */
import type { Sql } from "../postgres/pool.ts";
import type { ClusterMark } from "../redis/cluster-mark-store.ts";
import { decide, otherPrefix } from "./decision.ts";
import { createMembershipQueries, type Living, redisesOf } from "./membership-queries.ts";

type Comer = {
  /** Undefined: the one of the cluster is taken. */
  keyPrefix: string | undefined;
  signingKeys: readonly string[];
  readMark: (keyPrefix: string) => Promise<ClusterMark>;
};

/**
 * @returns the processes that live; undefined if the database has no cluster yet.
 * @throws Refused as a process that joined now, without the time that is given to processes that may be dead.
 */
export async function lookAtCluster(
  sql: Sql,
  { keyPrefix, signingKeys, readMark }: Comer,
): Promise<Living[] | undefined> {
  const queries = createMembershipQueries(sql);
  const settings = await queries.findSettings();
  const clusterId = settings.get("id");
  const agreed = settings.get("key_prefix");
  if (clusterId === undefined || agreed === undefined) return undefined;
  if (keyPrefix !== undefined && keyPrefix !== agreed) throw otherPrefix(keyPrefix, agreed);
  const living = await queries.findLiving();
  const mark = await readMark(agreed);
  const redises = redisesOf(settings);
  const decision = decide({ clusterId, mark, living, redises, signingKeys, keyPrefix: agreed });
  if ("refusal" in decision) throw decision.refusal;
  return living;
}
