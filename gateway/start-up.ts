/** A gateway listens at once, and is ready once Redis and PostgreSQL answer and the control log is read. */
import { setTimeout as sleep } from "node:timers/promises";
import { backoffMs } from "../shared/backoff.ts";
import { createClusterSettingsQueries } from "../shared/server/postgres/cluster-settings-queries.ts";
import { PostgresError, SQLSTATE, type Sql } from "../shared/server/postgres/pool.ts";
import type { Finding } from "../shared/server/preflight/finding.ts";
import { passPreflight } from "../shared/server/preflight/pass.ts";
import type { Config } from "../shared/server/process/config.ts";
import type { Log } from "../shared/server/process/logger.ts";
import { Unavailable } from "../shared/server/process/unavailable.ts";
import { type Commands, connected, type Subscriber } from "../shared/server/redis/connect.ts";
import type { RedisKeys } from "../shared/server/redis/keys.ts";
import type { Readiness } from "./readiness.ts";

export type StartUpDeps = {
  sql: Sql;
  redis: Commands;
  subscriber: Subscriber;
  keys: Pick<RedisKeys, "shards">;
  /** Reads to be completed first, in this order. */
  follow: readonly (() => Promise<void>)[];
  readiness: Readiness;
  config: Pick<Config, "redisUrl" | "databaseUrl" | "strict">;
};

/** The worker migrates and grants. Until then tables or columns are missing, or a gateway may not read them. */
const isUnmigrated = (error: unknown): boolean =>
  error instanceof PostgresError &&
  [SQLSTATE.undefinedTable, SQLSTATE.undefinedColumn, SQLSTATE.insufficientPrivilege].some(
    (code) => code === error.code,
  );

/**
 * Retries until Redis and PostgreSQL are reachable and migrated.
 * @returns the findings of the preflight.
 * @throws Refused on a store that nobody but an operator mends; on a permanent error, such as a different number of
 * shards.
 */
export async function startUp(deps: StartUpDeps, log: Log): Promise<Finding[]> {
  const { config, readiness } = deps;
  const found = await passPreflight({
    ...{ config, log, migrates: false, stopped: () => readiness.stopped },
    onWait: (passing) => readiness.waiting(passing.map(({ about }) => about)),
  });
  for (let attempt = 0; !deps.readiness.stopped; attempt++) {
    try {
      await Promise.all([
        connected(deps.redis),
        connected(deps.subscriber),
        createClusterSettingsQueries(deps.sql).checkShards(deps.keys.shards),
      ]);
      for (const learn of deps.follow) await learn();
      deps.readiness.serving();
      return found;
    } catch (error) {
      if (!(error instanceof Unavailable) && !isUnmigrated(error)) throw error;
      if (attempt === 10) log.warn({ err: error }, "still waiting for Redis and PostgreSQL");
      await sleep(backoffMs(attempt, 50, 2_000));
    }
  }
  return found;
}
