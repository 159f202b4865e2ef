/** The stores of the cluster: own Redis and PostgreSQL in the data folder, or those that the environment names; and an own Kafka, if asked for. */
import { join } from "node:path";
import { createClusterSettingsQueries } from "../../../shared/server/postgres/cluster-settings-queries.ts";
import { connectPostgres, PostgresError, SQLSTATE, type Sql } from "../../../shared/server/postgres/pool.ts";
import { ROLES, renderRoles } from "../../postgres/roles.ts";
import { GIVEN } from "../cli/environment.ts";
import type { Ports } from "../data/ports.ts";
import type { Backends } from "../data/runner-file.ts";
import type { Secrets } from "../data/secrets.ts";
import { postgresAnswers, postgresCommand, postgresUrl } from "../stores/postgres.ts";
import { createDatabase, runStatements } from "../stores/queries.ts";
import { redisAnswers, redisCommand } from "../stores/redis.ts";
import type { ProcessSpec } from "../supervise/process-spec.ts";
import { createKafka, type KafkaProcess } from "./kafka-process.ts";
import { prefixOf } from "./key-prefix.ts";

const DATABASE = "suda";
const PATIENCE = { stopWithinMs: 8_000, checkEveryMs: 5_000 };

/** The addresses of the stores for one kind of process, with a role of its own that has only the rights it needs. */
export type Access = Pick<Backends, "redisUrl" | "databaseUrl"> & { databaseRole?: string };

export type Stores = {
  /** The operator's credentials, with all rights. All addresses are as of each store's last start. */
  readonly backends: Backends;
  readonly gateway: Access;
  readonly worker: Access;
  redis?: ProcessSpec;
  postgres?: ProcessSpec;
  kafka?: KafkaProcess;
  /**
   * Makes the database and the roles of an own server. Needs a PostgreSQL that serves.
   * @throws Error in one line when the data was written with another number of shards.
   */
  prepare(): Promise<void>;
};

type StoreSecrets = Omit<Secrets, "jwtKey" | "pushKey">;

/** All processes use the same URL for a server that the environment names. */
export async function createStores(
  data: string,
  ports: Ports,
  secrets: StoreSecrets,
  { shards, runsKafka }: { shards: number; runsKafka: boolean },
): Promise<Stores> {
  const keyPrefix = await prefixOf(data);
  const redis = GIVEN.redisUrl ? undefined : await redisSettings(data, ports, secrets, keyPrefix);
  const postgres = GIVEN.databaseUrl ? undefined : await postgresSettings(data, ports, secrets);
  const kafka = runsKafka ? await createKafka(data, ports, kafkaSecrets(secrets)) : undefined;
  const access = (kind: "gateway" | "worker"): Access => ({
    redisUrl: GIVEN.redisUrl ?? (redis ? `redis://${kind}:${redis.users[kind]}@127.0.0.1:${redis.port}` : ""),
    databaseUrl:
      GIVEN.databaseUrl ??
      (postgres
        ? postgresUrl({ ...postgres, password: postgres.passwords[kind] }, DATABASE, ROLES[kind])
        : ""),
    ...(postgres ? { databaseRole: ROLES[kind] } : {}),
  });
  const stores: Stores = {
    get backends() {
      return {
        redisUrl: GIVEN.redisUrl ?? (redis ? `redis://:${redis.users.operator}@127.0.0.1:${redis.port}` : ""),
        databaseUrl: GIVEN.databaseUrl ?? (postgres ? postgresUrl(postgres, DATABASE) : ""),
        keyPrefix,
        ...(kafka ? { kafka: kafka.address() } : {}),
      };
    },
    get gateway() {
      return access("gateway");
    },
    get worker() {
      return access("worker");
    },
    ...(redis ? { redis: redisSpec(redis, ports) } : {}),
    ...(postgres ? { postgres: postgresSpec(postgres, ports) } : {}),
    ...(kafka ? { kafka } : {}),
    async prepare() {
      if (postgres) {
        await visit(postgresUrl(postgres, "postgres"), (sql) => createDatabase(sql, DATABASE));
        await visit(postgresUrl(postgres, DATABASE), (sql) =>
          runStatements(sql, renderRoles(postgres.passwords)),
        );
      }
      await visit(stores.backends.databaseUrl, (sql) => checkShardsOfOldData(sql, shards));
    },
  };
  return stores;
}

/** A database without tables takes the number of shards of its first process. */
async function checkShardsOfOldData(sql: Sql, shards: number): Promise<void> {
  try {
    await createClusterSettingsQueries(sql).checkShards(shards);
  } catch (error) {
    if (!(error instanceof PostgresError) || error.code !== SQLSTATE.undefinedTable) throw error;
  }
}

async function visit(url: string, work: (sql: Sql) => Promise<void>): Promise<void> {
  const sql = connectPostgres(url, { name: "runner", max: 1 });
  try {
    await work(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

const kafkaSecrets = ({
  kafkaPassword,
  kafkaCommandKeys,
}: Pick<Secrets, "kafkaPassword" | "kafkaCommandKeys">) => ({
  password: kafkaPassword,
  commandKeys: GIVEN.kafkaCommandKeys ?? kafkaCommandKeys,
});

async function redisSettings(data: string, ports: Ports, secrets: StoreSecrets, prefix: string) {
  const users = {
    prefix,
    operator: secrets.redisPassword,
    gateway: secrets.redisGatewayPassword,
    worker: secrets.redisWorkerPassword,
  };
  await ports.take("redis");
  return {
    folder: join(data, "redis"),
    get port() {
      return ports.of("redis");
    },
    users,
  };
}

function redisSpec(settings: Awaited<ReturnType<typeof redisSettings>>, ports: Ports): ProcessSpec {
  return {
    name: "redis",
    get port() {
      return settings.port;
    },
    async command() {
      await ports.take("redis");
      return redisCommand(settings);
    },
    ready: () => redisAnswers(settings.port),
    stopSignal: "SIGTERM",
    ...PATIENCE,
  };
}

async function postgresSettings(data: string, ports: Ports, secrets: StoreSecrets) {
  await ports.take("postgres");
  return {
    folder: join(data, "postgres"),
    get port() {
      return ports.of("postgres");
    },
    password: secrets.postgresPassword,
    passwords: { gateway: secrets.postgresGatewayPassword, worker: secrets.postgresWorkerPassword },
  };
}

function postgresSpec(settings: Awaited<ReturnType<typeof postgresSettings>>, ports: Ports): ProcessSpec {
  return {
    name: "postgres",
    get port() {
      return settings.port;
    },
    async command() {
      await ports.take("postgres");
      return postgresCommand(settings);
    },
    ready: () => postgresAnswers(settings),
    stopSignal: "SIGINT",
    ...PATIENCE,
  };
}
