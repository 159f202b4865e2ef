/** The worker, the only process that writes messages to PostgreSQL. Parts start in the order of this file and close in reverse. */
import { createClusterSettingsQueries } from "../shared/server/postgres/cluster-settings-queries.ts";
import { WORKER_LANES } from "../shared/server/postgres/lane-sizes.ts";
import { createLanes } from "../shared/server/postgres/lanes.ts";
import type { Finding } from "../shared/server/preflight/finding.ts";
import { passPreflight } from "../shared/server/preflight/pass.ts";
import { createStoreWatch } from "../shared/server/preflight/watch.ts";
import { serveInternal } from "../shared/server/process/internal-server.ts";
import { runProcess } from "../shared/server/process/lifecycle.ts";
import { type Commands, connected, openCommands } from "../shared/server/redis/connect.ts";
import { createRedisKeys } from "../shared/server/redis/keys.ts";
import { openRoomLogStore, type RoomLogStore } from "../shared/server/redis/room-log-store.ts";
import { type ArchiveDeps, archiveRest } from "./archive.ts";
import { createHealth, type Health } from "./health.ts";
import type { Publishing, PublishingDeps } from "./kafka/open-kafka.ts";
import { createLook } from "./look.ts";
import { openMembership } from "./membership.ts";
import { createMetrics } from "./metrics.ts";
import { prepareDatabase } from "./prepare.ts";
import { openPushes } from "./push/open-pushes.ts";
import { repeat, retryUntilSuccess } from "./repeat.ts";
import { createSeqAlarm } from "./seq-alarm.ts";
import { createTasks } from "./tasks.ts";

/** A batch takes milliseconds; one that takes this long counts as an outage. */
const WRITE_LIMIT_MS = 10_000;
/** Limit for migrations. */
const HOUR_MS = 3_600_000;
/** Limit for a statement of an upkeep task. */
const UPKEEP_LIMIT_MS = 300_000;
/** How long a stopping worker starts further batches. */
const REST_MS = 5_000;

await runProcess(async ({ config, log, onClose }) => {
  const health = createHealth();
  const metrics = createMetrics();
  const stopping = new AbortController();
  const onInternalError = (task: string): void => metrics.internalErrors.inc({ where: task });
  const context = { signal: stopping.signal, health, log, onInternalError };

  const internal = { host: config.internalHost, port: config.internalPort };
  onClose("internal port", await serveInternal(internal, metrics.registry, health.pages));

  const watch = createStoreWatch(log, metrics.registry);
  const openLane = createLanes(config.databaseUrl, config.name, metrics.registry, watch.met("PostgreSQL"));
  const database = openLane("archive", {
    ...{ connections: WORKER_LANES.archive, waitMs: WRITE_LIMIT_MS, limitMs: WRITE_LIMIT_MS },
  });
  onClose("postgres", database.close);
  const upkeep = openLane("upkeep", {
    ...{ connections: WORKER_LANES.upkeep, waitMs: HOUR_MS, limitMs: UPKEEP_LIMIT_MS },
  });
  onClose("upkeep", upkeep.close);
  const redis = openCommands(config.redisUrl, config.name, log, watch.met("Redis"));
  onClose("redis", () => redis.disconnect());
  const keys = createRedisKeys(config.keyPrefix, config.shards);

  const bounds = { events: config.logEvents, ms: config.logMs, bytes: config.logBytes };
  const logs = openRoomLogStore(redis, keys, bounds);
  const pushes = openPushes({
    ...{ config, log, redis, keys, database },
    ...{ registry: metrics.registry, limitMs: WRITE_LIMIT_MS, signal: stopping.signal },
  });
  const publishing = { config, log, openLane, registry: metrics.registry, shardOf: keys.shardOf };
  const kafka = await openKafkaIfAny({ ...publishing, onInternalError });
  if (kafka) onClose("kafka", kafka.stop);
  const archive: ArchiveDeps = {
    logs: announcing(logs, pushes.wake, kafka?.wake),
    ...{ database, writeLimitMs: WRITE_LIMIT_MS, shards: config.shards, metrics, log },
    now: () => timeOf(redis),
    due: { events: config.archiveEvents, ms: config.archiveMs, soon: pushes.soon },
  };
  const common = { config, log, redis, keys, upkeep, logs, archive };
  const tasks = createTasks({ ...common, stopping: stopping.signal }, kafka?.holds);
  const alarm = createSeqAlarm({ database, health, metrics, log });
  const membership = openMembership({ config, log, sql: database.sql, redis, keys, health, alarm });
  onClose("membership", membership.leave);
  const prepare = (): Promise<void> =>
    upkeep.use(HOUR_MS, (sql) => prepareDatabase(sql, config, pushes.publicKey, log));

  let running: Promise<unknown> | undefined;
  onClose("archive", async () => {
    health.bad("worker", "stopping");
    watch.close();
    stopping.abort();
    await running;
    if (running) await archiveRest(archive, REST_MS);
    await pushes.close();
  });

  health.bad("stores", "starting");
  const known = await passPreflight({
    ...{ config, log, migrates: true, stopped: () => stopping.signal.aborted },
    onWait: (passing) => showWaiting(health, passing),
  });
  await retryUntilSuccess("database", prepare, context);
  // The first command of a task would fail while its client still connects.
  await retryUntilSuccess("redis", () => connected(redis), context);
  if (!stopping.signal.aborted) await retryUntilSuccess("cluster", membership.join, context);
  if (stopping.signal.aborted) return;
  const { readClusterName } = createClusterSettingsQueries(database.sql);
  if (kafka) await retryUntilSuccess("kafka", async () => kafka.start(await readClusterName()), context);
  watch.start(createLook(config, redis, database.sql), known);
  running = Promise.all([...tasks, ...pushes.tasks, alarm.task].map((task) => repeat(task, context)));
});

/** @param listeners are called with each room whose events became rows. */
function announcing(
  logs: RoomLogStore,
  ...listeners: (((room: string) => void) | undefined)[]
): RoomLogStore {
  return {
    ...logs,
    async commit(room, seq) {
      await logs.commit(room, seq);
      if (seq > 0) for (const notify of listeners) notify?.(room);
    },
  };
}

function showWaiting(health: Health, passing: Finding[]): void {
  if (passing.length > 0) health.bad("stores", passing.map(({ says }) => says).join("; "));
  else health.good("stores");
}

/** Loads the library of Kafka only where there is one. */
async function openKafkaIfAny(deps: PublishingDeps): Promise<Publishing | undefined> {
  if (deps.config.kafkaBrokers.length === 0) return undefined;
  const { openPublishing } = await import("./kafka/open-kafka.ts");
  return openPublishing(deps);
}

/** Redis' clock in ms since the epoch. */
async function timeOf(redis: Commands): Promise<number> {
  const [seconds, micros] = await redis.time();
  return Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
}
