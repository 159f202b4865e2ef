/** Whether this data folder belongs to the cluster of its stores, as its start would find. */

import { lookAtCluster } from "../../../shared/server/membership/look.ts";
import { fingerprintsOf } from "../../../shared/server/membership/signing-keys.ts";
import { connectPostgres, PostgresError, SQLSTATE } from "../../../shared/server/postgres/pool.ts";
import type { Finding } from "../../../shared/server/preflight/finding.ts";
import { Refused } from "../../../shared/server/process/refused.ts";
import { openClusterMarkStore } from "../../../shared/server/redis/cluster-mark-store.ts";
import { visitRedis } from "../../../shared/server/redis/connect.ts";
import { createRedisKeys } from "../../../shared/server/redis/keys.ts";
import type { Secrets } from "../data/secrets.ts";

const ANSWER_MS = 4_000;
const about = "cluster";

type Place = {
  redisUrl: string;
  databaseUrl: string;
  keyPrefix: string | undefined;
  /** Undefined: the folder has none yet. */
  jwtKey: Secrets["jwtKey"] | undefined;
};

export async function lookAtMembership({
  redisUrl,
  databaseUrl,
  keyPrefix,
  jwtKey,
}: Place): Promise<Finding> {
  const sql = connectPostgres(databaseUrl, { name: "doctor", max: 1, statementMs: ANSWER_MS });
  try {
    const living = await lookAtCluster(sql, {
      keyPrefix,
      signingKeys: fingerprintsOf(jwtKey ? [jwtKey] : []),
      readMark: (prefix) =>
        visitRedis(redisUrl, ANSWER_MS, (redis) =>
          openClusterMarkStore(redis, createRedisKeys(prefix, 1)).read(),
        ),
    });
    return { kind: "fine", about, says: wordsOf(living) };
  } catch (error) {
    if (error instanceof PostgresError && error.code === SQLSTATE.undefinedTable)
      return { kind: "fine", about, says: wordsOf(undefined) };
    if (error instanceof Refused) return { kind: "refuses", about, says: error.message };
    throw error;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

function wordsOf(living: { machine: string }[] | undefined): string {
  if (living === undefined) return "the database has no cluster yet";
  const machines = new Set(living.map(({ machine }) => machine)).size;
  const alive = [counted(living.length, "process", "processes"), counted(machines, "machine", "machines")];
  return `these stores and keys are those of one cluster; alive: ${alive.join(" on ")}`;
}

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;
