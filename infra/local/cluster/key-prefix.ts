/** The key prefix of the cluster in Redis. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { createMembershipQueries } from "../../../shared/server/membership/membership-queries.ts";
import { connectPostgres } from "../../../shared/server/postgres/pool.ts";
import { createLog } from "../../../shared/server/process/logger.ts";
import { migrate } from "../../../worker/migrate.ts";
import { GIVEN } from "../cli/environment.ts";
import { Problem } from "../cli/problem.ts";
import { readJson, writeJson } from "../data/json-file.ts";

/**
 * A given database says which prefix its cluster has. In a given Redis each data folder has one of its own, because others may use
 * the same Redis. The same at every start.
 */
export async function prefixOf(data: string): Promise<string> {
  const file = join(data, "key-prefix.json");
  const own = GIVEN.redisUrl ? (readJson<string>(file) ?? `suda-${randomBytes(4).toString("hex")}`) : "suda";
  const wanted = GIVEN.keyPrefix ?? own;
  const prefix = GIVEN.databaseUrl ? await agreeOnPrefix(GIVEN.databaseUrl, wanted) : wanted;
  if (GIVEN.keyPrefix !== undefined && GIVEN.keyPrefix !== prefix)
    throw new Problem(
      `SUDA_KEY_PREFIX is ${GIVEN.keyPrefix}, but the cluster of this database has ${prefix}: leave it out`,
    );
  if (GIVEN.redisUrl) writeJson(file, prefix);
  return prefix;
}

/**
 * Makes the tables of a given database unless they are there.
 * @param wanted the key prefix for a database that has none yet. @returns the key prefix of its cluster.
 */
async function agreeOnPrefix(databaseUrl: string, wanted: string): Promise<string> {
  const sql = connectPostgres(databaseUrl, { name: "runner", max: 1 });
  try {
    await migrate(sql, createLog("runner", "silent"));
    return await createMembershipQueries(sql).agreeOn("key_prefix", wanted);
  } finally {
    await sql.end({ timeout: 1 });
  }
}
