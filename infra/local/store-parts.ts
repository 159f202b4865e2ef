/** Redis and PostgreSQL of the cluster: own ones in the data folder, or those that the environment names. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { connectPostgres } from "../../shared/server/postgres.ts";
import { GIVEN } from "./environment.ts";
import { readJson, writeJson } from "./json-file.ts";
import type { Part } from "./part.ts";
import type { Ports } from "./ports.ts";
import { postgresAnswers, postgresCommand, postgresUrl } from "./postgres.ts";
import { createDatabase } from "./queries.ts";
import { redisAnswers, redisCommand } from "./redis.ts";
import type { Backends } from "./runner-file.ts";
import type { Secrets } from "./secrets.ts";

const DATABASE = "suda";
const PATIENCE = { stopWithinMs: 8_000, checkEveryMs: 5_000 };

export type Stores = {
  backends: Backends;
  redis?: Part;
  postgres?: Part;
  /** Once PostgreSQL serves: makes the database of an own server. */
  prepare(): Promise<void>;
};

export async function createStores(data: string, ports: Ports, secrets: Secrets): Promise<Stores> {
  const redis = GIVEN.redisUrl
    ? undefined
    : await redisPart(join(data, "redis"), ports, secrets.redisPassword);
  const postgres = GIVEN.databaseUrl ? undefined : await postgresSettings(data, ports, secrets);
  return {
    backends: {
      redisUrl: GIVEN.redisUrl ?? `redis://:${secrets.redisPassword}@127.0.0.1:${await ports.of("redis")}`,
      databaseUrl: GIVEN.databaseUrl ?? (postgres ? postgresUrl(postgres, DATABASE) : ""),
      keyPrefix: GIVEN.keyPrefix ?? (GIVEN.redisUrl ? ownPrefix(data) : "suda"),
    },
    ...(redis ? { redis } : {}),
    ...(postgres ? { postgres: postgresPart(postgres) } : {}),
    async prepare() {
      if (!postgres) return;
      const sql = connectPostgres(postgresUrl(postgres, "postgres"), { name: "runner", max: 1 });
      try {
        await createDatabase(sql, DATABASE);
      } finally {
        await sql.end({ timeout: 1 });
      }
    },
  };
}

async function redisPart(folder: string, ports: Ports, password: string): Promise<Part> {
  const port = await ports.of("redis");
  return {
    name: "redis",
    port,
    command: () => redisCommand({ folder, port, password }),
    ready: () => redisAnswers(port),
    stopSignal: "SIGTERM",
    ...PATIENCE,
  };
}

async function postgresSettings(data: string, ports: Ports, secrets: Secrets) {
  return {
    folder: join(data, "postgres"),
    port: await ports.of("postgres"),
    password: secrets.postgresPassword,
  };
}

function postgresPart(settings: Awaited<ReturnType<typeof postgresSettings>>): Part {
  return {
    name: "postgres",
    port: settings.port,
    command: () => postgresCommand(settings),
    ready: () => postgresAnswers(settings),
    stopSignal: "SIGINT",
    ...PATIENCE,
  };
}

/** On a Redis that others use as well, each data folder has keys of its own, the same at every start. */
function ownPrefix(data: string): string {
  const file = join(data, "key-prefix.json");
  const prefix = readJson<string>(file) ?? `suda-${randomBytes(4).toString("hex")}`;
  writeJson(file, prefix);
  return prefix;
}
