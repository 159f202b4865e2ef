/** The worker's look at its stores, and at the certificate and the disk of its machine, while it runs. */
import type { Sql } from "../shared/server/postgres/pool.ts";
import { certificateFindings } from "../shared/server/preflight/certificate.ts";
import type { Finding } from "../shared/server/preflight/finding.ts";
import { lookThrough } from "../shared/server/preflight/look.ts";
import { machineFindings } from "../shared/server/preflight/machine.ts";
import { readDisk } from "../shared/server/preflight/machine-facts.ts";
import type { Config } from "../shared/server/process/config.ts";
import type { Commands } from "../shared/server/redis/connect.ts";

type Looked = Pick<Config, "redisUrl" | "databaseUrl" | "tlsCert" | "diskFolder">;

/** Its own process is counted, and every other one that lives on the database. */
const NEEDS = { migrates: true, gateways: 0, ownPids: [process.pid] };

export const createLook =
  ({ redisUrl, databaseUrl, tlsCert, diskFolder }: Looked, redis: Commands, sql: Sql) =>
  async (): Promise<Finding[]> => [
    ...(await lookThrough({ redisUrl, redis, databaseUrl, sql }, NEEDS)),
    ...certificateFindings(tlsCert),
    ...(diskFolder === "" ? [] : machineFindings({ disk: readDisk(diskFolder) }, 0)),
  ];
