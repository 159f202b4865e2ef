/** The worker's membership in the cluster of its database. */
import { createMembership, type Membership } from "../shared/server/membership/membership.ts";
import type { Sql } from "../shared/server/postgres/pool.ts";
import type { Config } from "../shared/server/process/config.ts";
import type { Log } from "../shared/server/process/logger.ts";
import { endRefused } from "../shared/server/process/refused.ts";
import { openClusterMarkStore } from "../shared/server/redis/cluster-mark-store.ts";
import type { Commands } from "../shared/server/redis/connect.ts";
import type { RedisKeys } from "../shared/server/redis/keys.ts";
import type { Health } from "./health.ts";

type Needs = {
  config: Config;
  log: Log;
  sql: Sql;
  redis: Commands;
  keys: RedisKeys;
  health: Health;
  alarm: { current: () => string | undefined };
};

export function openMembership({ config, log, sql, redis, keys, health, alarm }: Needs): Membership {
  return createMembership({
    sql,
    marks: openClusterMarkStore(redis, keys),
    self: {
      ...{ kind: "worker", name: config.name, signingKeys: [] },
      address: `${config.internalHost}:${config.internalPort}`,
    },
    keyPrefix: config.keyPrefix,
    report() {
      const words = alarm.current();
      const ready = Object.keys(health.reasons()).length === 0;
      return { ready, ...(words ? { alarm: words } : {}) };
    },
    onRefused: endRefused,
    log,
  });
}
