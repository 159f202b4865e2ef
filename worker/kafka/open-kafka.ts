/**
 * Wires the publisher to Kafka. Loaded by `await import` in a worker with brokers in its settings: one without loads nothing of it. One
 * worker of the cluster publishes at a time, and others stand by; should two do so at once, each only costs the other time.
 */
import { kafkaAccessOf, openKafka } from "../../shared/server/kafka/client.ts";
import { privateTopicNames, topicNames, topicSpecs } from "../../shared/server/kafka/topics.ts";
import type { ClusterName } from "../../shared/server/postgres/cluster-name.ts";
import { KAFKA_LANES } from "../../shared/server/postgres/lane-sizes.ts";
import type { OpenLane } from "../../shared/server/postgres/lanes.ts";
import type { Sql } from "../../shared/server/postgres/pool.ts";
import { type SoleTask, startSoleTask } from "../../shared/server/postgres/sole-task.ts";
import type { Config } from "../../shared/server/process/config.ts";
import type { Log } from "../../shared/server/process/logger.ts";
import type { Registry } from "../../shared/server/process/metrics.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import { createEventSource } from "./event-source.ts";
import { createKafkaMetrics } from "./kafka-metrics.ts";
import { createMirrorQueries } from "./mirror-queries.ts";
import { createOutboxSource } from "./outbox-source.ts";
import { createPublishQueries, type RoomKind } from "./publish-queries.ts";
import { createPublisher, type Publisher } from "./publisher.ts";

/** An arbitrary lock number that nothing else in this database uses. */
const PUBLISHER_LOCK = 7_834_211;
/** The lock's connection answers at once, or it is lost. */
const LOCK_LIMIT_MS = 3_000;
/** A look at very many rooms that are all behind takes seconds. */
const READ_LIMIT_MS = 60_000;

export type PublishingDeps = {
  config: Config;
  log: Log;
  registry: Registry;
  openLane: OpenLane;
  shardOf: (room: string) => number;
  onInternalError: (where: string) => void;
};

export type Publishing = {
  /** To be called when events of a room became rows. */
  wake(room: string): void;
  /** Whether a day (`2026-11-22`) must be kept, because Kafka lacks events of it. */
  holds(sql: Sql, day: string): Promise<boolean>;
  /** Begins to publish, as soon as no other worker does. To be called when the schema is up to date. */
  start(name: Pick<ClusterName, "id">): void;
  /** Ends within 3 s. The rest stays in PostgreSQL. */
  stop(): Promise<void>;
};

export function openPublishing({
  config,
  log,
  registry,
  openLane,
  shardOf,
  onInternalError,
}: PublishingDeps): Publishing {
  const prefix = config.kafkaTopics;
  const names = topicNames(prefix);
  const ofPrivate = privateTopicNames(prefix);
  const kinds: RoomKind[] = config.kafkaPrivate ? ["public", "private", "direct"] : ["public"];
  const reads = openLane("kafka", {
    connections: KAFKA_LANES.kafka,
    waitMs: READ_LIMIT_MS,
    limitMs: READ_LIMIT_MS,
  });
  const locks = openLane("kafka lock", {
    ...{ connections: KAFKA_LANES["kafka lock"], isSession: true },
    ...{ waitMs: LOCK_LIMIT_MS, limitMs: LOCK_LIMIT_MS },
  });
  const kafka = openKafka(kafkaAccessOf(config), config.name);
  let cluster = "";
  let publisher: Publisher | undefined;
  let task: SoleTask | undefined;
  const events = createEventSource({
    queries: createPublishQueries(reads.sql, kinds),
    mirrorQueries: createMirrorQueries(reads.sql, kinds),
    topicsOf: (kind) => (kind === "public" ? names : ofPrivate),
    cluster: () => cluster,
    ...{ shardOf, log },
  });
  const outbox = createOutboxSource({
    ...{ database: reads, kafka, withPrivate: config.kafkaPrivate },
    withResults: config.kafkaCommandKeys.length > 0,
    target: () => ({ cluster, prefix, shardOf }),
  });
  const metrics = createKafkaMetrics(registry, { events: events.lagEvents, ms: events.lagMs });

  return {
    wake(room) {
      if (!task?.isRunning()) return;
      events.wake(room);
      publisher?.wake();
    },
    async holds(sql, day) {
      const isHeld = await createMirrorQueries(sql, kinds).isNeeded(day);
      metrics.heldDays.set(isHeld ? 1 : 0);
      return isHeld;
    },
    start({ id }) {
      cluster = id;
      const topics = topicSpecs(config);
      // Others write commands.
      const written = topics
        .map(({ name }) => name)
        .filter((name) => name !== names.ledger && name !== names.commands);
      publisher = createPublisher({
        ...{ kafka, topics, metrics, log, sources: [events, outbox] },
        producer: {
          transactionalId: `${prefix}-${id}`,
          ledger: { topic: names.ledger, topics: written },
        },
        watermarks: config.kafkaPrivate ? [names.published, ofPrivate.published] : [names.published],
      });
      task = startSoleTask({ sql: locks.sql, lock: PUBLISHER_LOCK, run: publisher.run, onError });
    },
    async stop() {
      await task?.stop();
      await kafka.close();
      await Promise.all([reads.close(), locks.close()]);
    },
  };

  function onError(error: unknown): void {
    // The watch of the stores logs the outage once, for all tasks.
    if (error instanceof Unavailable) {
      log.debug({ err: error }, "publishing waits for PostgreSQL");
      return;
    }
    onInternalError("kafka");
    log.error({ err: error }, "internal error: publishing to Kafka fails, will try again");
  }
}
