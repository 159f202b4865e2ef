/** The worker: the only writer of messages to PostgreSQL. The order here is the order of life; closing runs backwards. */
import { checkShards } from "../shared/server/postgres/cluster-settings-queries.ts";
import { openDatabase } from "../shared/server/postgres/deadline.ts";
import { connectPostgres } from "../shared/server/postgres/pool.ts";
import { serveInternal } from "../shared/server/process/internal-server.ts";
import { runProcess } from "../shared/server/process/lifecycle.ts";
import { openCommands } from "../shared/server/redis/connect.ts";
import { openConnectionRecordStore } from "../shared/server/redis/connection-record-store.ts";
import { createRedisKeys } from "../shared/server/redis/keys.ts";
import { openPresenceStore } from "../shared/server/redis/presence-store.ts";
import { openRoomLogStore } from "../shared/server/redis/room-log-store.ts";
import { type ArchiveDeps, archiveRest, archiveWhenDue, trimLong } from "./archive.ts";
import { cleanUp, forgetTokens } from "./cleanup.ts";
import { type ClosedRoomsDeps, emptyClosedRooms } from "./closed-rooms.ts";
import { createOrphanSweep, recordConnections } from "./connections.ts";
import { createDayMapping } from "./day-map.ts";
import { createExpiry } from "./expiry.ts";
import { grantGateway } from "./grant-queries.ts";
import { createHealth } from "./health.ts";
import { createMetrics } from "./metrics.ts";
import { migrate } from "./migrate.ts";
import { completeNicknames } from "./nickname-skeletons.ts";
import { ensureAhead } from "./partitions.ts";
import { repeat, retryUntilSuccess, type Task } from "./repeat.ts";
import { createSteadyTime } from "./steady-time.ts";

/** Often enough that fifty messages a moment ago are in PostgreSQL now. */
const LOOK_MS = 200;
/** How often the logs of rooms that were busy are looked at: what they keep grows old by itself. */
const TRIM_MS = 15_000;
/** How often the connections of gateways are looked for that died without a word. */
const LEASES_MS = 5_000;
/** A batch takes milliseconds; one that takes this long counts as an outage. */
const WRITE_LIMIT_MS = 10_000;
const TOKENS_MS = 60_000;
/** How soon after midnight Redis loses what is past its retention. */
const EXPIRY_MS = 60_000;
/** How soon a name is looked at that a gateway of an older release gave. */
const NICKNAMES_MS = 300_000;
const HOUR_MS = 3_600_000;
/** Beyond the life of an access token. */
const MARGIN_MS = 5 * 60_000;
const UPKEEP_LIMIT_MS = 300_000;
/** How long a worker that leaves goes on writing. */
const REST_MS = 5_000;

await runProcess(async ({ config, log, onClose }) => {
  const health = createHealth();
  const metrics = createMetrics();
  const stopping = new AbortController();
  const onInternalError = (task: string): void => metrics.internalErrors.inc({ where: task });
  const context = { signal: stopping.signal, health, log, onInternalError };

  const internal = { host: config.internalHost, port: config.internalPort };
  onClose("internal port", await serveInternal(internal, metrics.registry, health.pages));

  const database = openDatabase(() => connectPostgres(config.databaseUrl, { name: config.name, max: 4 }));
  onClose("postgres", database.close);
  const redis = openCommands(config.redisUrl, config.name, log);
  onClose("redis", () => redis.disconnect());

  const keys = createRedisKeys(config.keyPrefix, config.shards);
  const bounds = { events: config.logEvents, ms: config.logMs, bytes: config.logBytes };
  const logs = openRoomLogStore(redis, keys, bounds);
  const archive: ArchiveDeps = {
    logs,
    database,
    writeLimitMs: WRITE_LIMIT_MS,
    shards: config.shards,
    now: async () => {
      const [seconds, micros] = await redis.time();
      return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
    },
    archiveMs: config.archiveMs,
    archiveEvents: config.archiveEvents,
    metrics,
    log,
  };

  const prepare = (): Promise<void> =>
    database.use(HOUR_MS, async (sql) => {
      await migrate(sql, log);
      await checkShards(sql, config.shards);
      if (config.gatewayRole) await grantGateway(sql, config.gatewayRole);
    });
  const days = { messages: config.retentionDays, connections: config.connectionDays };
  const surely = createSteadyTime(config.accessTokenMs + MARGIN_MS);
  const upkeep = (): Promise<boolean> =>
    database.use(UPKEEP_LIMIT_MS, async (sql) => {
      await ensureAhead(sql, Date.now());
      await cleanUp(sql, surely(), days, log);
      return false;
    });
  const connections = {
    records: openConnectionRecordStore(redis, keys),
    presence: openPresenceStore(redis, keys),
    ...{ database, writeLimitMs: WRITE_LIMIT_MS },
  };
  const nicknames = (): Promise<boolean> =>
    database.use(HOUR_MS, async (sql) => {
      await completeNicknames(sql, stopping.signal);
      return false;
    });
  const mapDays = createDayMapping(log);
  const expire = createExpiry({
    logs,
    database,
    limitMs: WRITE_LIMIT_MS,
    retentionDays: config.retentionDays,
    log,
  });
  const closed: ClosedRoomsDeps = { scripts: logs, database, limitMs: WRITE_LIMIT_MS, log };
  const tasks: Task[] = [
    { name: "archive", run: () => archiveWhenDue(archive), everyMs: LOOK_MS },
    { name: "long logs", run: () => trimLong(archive), everyMs: TRIM_MS },
    { name: "connections", run: () => recordConnections(connections), everyMs: 1_000 },
    { name: "closed rooms", run: () => emptyClosedRooms(closed), everyMs: 1_000 },
    { name: "leases", run: createOrphanSweep(connections), everyMs: LEASES_MS },
    { name: "day map", run: () => database.use(UPKEEP_LIMIT_MS, mapDays), everyMs: HOUR_MS },
    { name: "tokens", run: () => database.use(UPKEEP_LIMIT_MS, forgetTokens), everyMs: TOKENS_MS },
    { name: "expiry", run: () => expire(surely()), everyMs: EXPIRY_MS },
    { name: "nicknames", run: nicknames, everyMs: NICKNAMES_MS },
    { name: "upkeep", run: upkeep, everyMs: HOUR_MS },
  ];
  let running: Promise<unknown> | null = null;
  onClose("archive", async () => {
    health.bad("worker", "stopping");
    stopping.abort();
    await running;
    if (running) await archiveRest(archive, REST_MS);
  });

  await retryUntilSuccess("database", prepare, context);
  if (stopping.signal.aborted) return;
  running = Promise.all(tasks.map((task) => repeat(task, context)));
});
