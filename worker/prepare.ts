/** Makes the database ready for this release, before anything else is done with it. Idempotent. */
import { createClusterSettingsQueries } from "../shared/server/postgres/cluster-settings-queries.ts";
import type { Sql } from "../shared/server/postgres/pool.ts";
import type { Config } from "../shared/server/process/config.ts";
import type { Log } from "../shared/server/process/logger.ts";
import { createGrantQueries } from "./grant-queries.ts";
import { turnOff } from "./kafka/outbox.ts";
import { migrate } from "./migrate.ts";

/** @param pushKey the public key of notifications, if there are any. */
export async function prepareDatabase(
  sql: Sql,
  { shards, gatewayRole, kafkaBrokers }: Pick<Config, "shards" | "gatewayRole" | "kafkaBrokers">,
  pushKey: string | undefined,
  log: Log,
): Promise<void> {
  await migrate(sql, log);
  const { checkShards, keepPushKey } = createClusterSettingsQueries(sql);
  await checkShards(shards);
  if (pushKey) await keepPushKey(pushKey);
  if (kafkaBrokers.length === 0) await turnOff(sql);
  if (gatewayRole) await createGrantQueries(sql).grantGateway(gatewayRole);
}
