/** A publisher of the worker's test environment, to a real Kafka, and a judge of what is there afterwards. */
import type { Kafka } from "../../../shared/server/kafka/client.ts";
import { privateTopicNames, topicNames, topicSpecs } from "../../../shared/server/kafka/topics.ts";
import { loadConfig } from "../../../shared/server/process/config.ts";
import { createRegistry } from "../../../shared/server/process/metrics.ts";
import { until } from "../../../shared/until.ts";
import { type ArchiveDeps, archiveWhenDue } from "../../archive.ts";
import type { TestEnvironment } from "../../testing/test-environment.ts";
import { createEventSource } from "../event-source.ts";
import { createKafkaMetrics } from "../kafka-metrics.ts";
import { createMirrorQueries } from "../mirror-queries.ts";
import { createOutboxSource } from "../outbox-source.ts";
import { createPublishQueries, type RoomKind } from "../publish-queries.ts";
import { createPublisher } from "../publisher.ts";

const KINDS: readonly RoomKind[] = ["public"];
const EVERY_KIND: readonly RoomKind[] = ["public", "private", "direct"];
export const CLUSTER = "test-cluster";

/** The part of Kafka that a publisher uses, which a test may wrap. */
export type UsedKafka = Pick<Kafka, "ensureTopics" | "openProducer" | "readAll" | "ping">;

export function openTestPublisher(
  environment: TestEnvironment,
  kafka: UsedKafka,
  prefix: string,
  withPrivate = false,
) {
  const { keys, deps } = environment;
  const { log, database, shards } = deps;
  const names = topicNames(prefix);
  const ofPrivate = privateTopicNames(prefix);
  const kinds = withPrivate ? EVERY_KIND : KINDS;
  const topics = topicSpecs(
    loadConfig({
      ...{ SUDA_KAFKA_BROKERS: "127.0.0.1:9", SUDA_KAFKA_TOPICS: prefix, SUDA_SHARDS: String(shards) },
      SUDA_KAFKA_PRIVATE: withPrivate ? "on" : "off",
    }),
  );
  const source = createEventSource({
    queries: createPublishQueries(database.sql, kinds),
    mirrorQueries: createMirrorQueries(database.sql, kinds),
    topicsOf: (kind) => (kind === "public" ? names : ofPrivate),
    ...{ cluster: () => CLUSTER, shardOf: keys.shardOf, log },
  });
  const outbox = createOutboxSource({
    ...{ database, kafka, withPrivate, withResults: false },
    target: () => ({ cluster: CLUSTER, prefix, shardOf: keys.shardOf }),
  });
  const registry = createRegistry();
  const publisher = createPublisher({
    ...{ kafka, topics, sources: [source, outbox], log },
    watermarks: withPrivate ? [names.published, ofPrivate.published] : [names.published],
    producer: {
      transactionalId: prefix,
      ledger: {
        topic: names.ledger,
        topics: topics.map(({ name }) => name).filter((name) => name !== names.ledger),
      },
    },
    metrics: createKafkaMetrics(registry, { events: source.lagEvents, ms: source.lagMs }),
  });
  const wake = (room: string): void => {
    source.wake(room);
    publisher.wake();
  };
  /** As the worker's, which says what it wrote. */
  const archiveDeps: ArchiveDeps = {
    ...deps,
    due: { events: 1, ms: 0 },
    logs: {
      ...deps.logs,
      async commit(room, seq) {
        await deps.logs.commit(room, seq);
        wake(room);
      },
    },
  };

  return {
    wake,
    registry,
    /** @param restarts after errors of PostgreSQL and of ours too, as in a worker. @returns `ended`: how it ends by itself. */
    start({ restarts = false } = {}): { stop: () => Promise<void>; ended: Promise<void> } {
      const stopping = new AbortController();
      const run = async (): Promise<void> => {
        while (!stopping.signal.aborted) {
          try {
            await publisher.run(stopping.signal);
          } catch (error) {
            if (!restarts) throw error;
          }
        }
      };
      const ended = run();
      ended.catch(() => undefined);
      const stop = async (): Promise<void> => {
        stopping.abort();
        await ended;
      };
      return { stop, ended };
    },
    async archive(): Promise<void> {
      while ((await archiveWhenDue(archiveDeps)).found);
    },
    metric,
    /** Resolves once the mirror says that Kafka has everything, and the outbox is empty. */
    async published(withinMs = 20_000): Promise<void> {
      const queries = createMirrorQueries(environment.sql, kinds);
      // Before it began, the mirror may be that of another Kafka.
      const isAll = async (): Promise<boolean> =>
        (await metric("suda_kafka_up")) === 1 && (await queries.countBehind()).rooms === 0;
      await until("all is published", isAll, { withinMs });
      const left = () => environment.sql`select from kafka_outbox where topic <> 'command-results' limit 1`;
      await until("the outbox is empty", async () => (await left()).length === 0, { withinMs });
    },
  };

  /** The sum over all labels. */
  async function metric(name: string): Promise<number> {
    const found = await registry.getSingleMetric(name)?.get();
    return found?.values.reduce((sum, { value }) => sum + value, 0) ?? 0;
  }
}
