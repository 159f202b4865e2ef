/** Short connections of the commands to the stores of a running cluster. */

import { connectPostgres, type Sql } from "../../../shared/server/postgres/pool.ts";
import { createLog } from "../../../shared/server/process/logger.ts";
import { SETTINGS } from "../../../shared/server/process/settings.ts";
import { type Commands, openCommands } from "../../../shared/server/redis/connect.ts";
import { createRedisKeys, type RedisKeys } from "../../../shared/server/redis/keys.ts";
import { findBackends } from "./control-client.ts";

/** @param max connections. @throws Problem when no cluster of this folder runs. */
export async function withPostgres<T>(data: string, visit: (sql: Sql) => Promise<T>, max = 1): Promise<T> {
  const sql = connectPostgres(findBackends(data).databaseUrl, { name: "suda-command", max });
  try {
    return await visit(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** @throws Problem when no cluster of this folder runs. */
export async function withRedis<T>(
  data: string,
  visit: (redis: Commands, keys: RedisKeys) => Promise<T>,
): Promise<T> {
  const { redisUrl, keyPrefix, shards = SETTINGS.shards.fallback } = findBackends(data);
  const redis = openCommands(redisUrl, "suda-command", createLog("suda-command", "silent"));
  await redis.connect();
  try {
    return await visit(redis, createRedisKeys(keyPrefix, shards));
  } finally {
    redis.disconnect();
  }
}
