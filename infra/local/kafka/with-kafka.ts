/** Short connections of the commands to Kafka: the one of the settings, or else the running cluster's own. */
import type { Kafka } from "../../../shared/server/kafka/client.ts";
import { KafkaUnavailable } from "../../../shared/server/kafka/outages.ts";
import { privateTopicNames, topicNames } from "../../../shared/server/kafka/topics.ts";
import type { Config } from "../../../shared/server/process/config.ts";
import { readSettings } from "../cli/environment.ts";
import { Problem } from "../cli/problem.ts";

export type KafkaOfCluster = { kafka: Kafka; config: Config };

/** @throws Problem without a Kafka, or when it does not answer. */
export async function withKafka<T>(data: string, visit: (found: KafkaOfCluster) => Promise<T>): Promise<T> {
  const config = readSettings();
  if (config.kafkaBrokers.length === 0)
    throw new Problem(`No Kafka is known for ${data}: set SUDA_KAFKA_BROKERS`);
  const { kafkaAccessOf, openKafka } = await import("../../../shared/server/kafka/client.ts");
  const kafka = openKafka(kafkaAccessOf(config), "suda-command");
  try {
    await kafka.ping();
    return await visit({ kafka, config });
  } finally {
    await kafka.close();
  }
}

/** The topics that the worker and the gateways write. */
const ownTopics = (prefix: string): string[] => [
  ...Object.values(topicNames(prefix)),
  ...Object.values(privateTopicNames(prefix)),
];

/** @param name a topic of the cluster without the prefix, or the full name of any topic. */
export function fullTopic(name: string, prefix: string): string {
  const full = `${prefix}.${name}`;
  return ownTopics(prefix).includes(full) ? full : name;
}

/** The names of the error of a topic that does not exist: the library's own, and Kafka's. */
const MISSING: readonly string[] = ["user", "UNKNOWN_TOPIC_OR_PARTITION"];

/** @returns undefined for another error. */
export const missingTopic = (error: unknown, topic: string): Problem | undefined =>
  error instanceof KafkaUnavailable && MISSING.includes(error.kind)
    ? new Problem(`Kafka has no topic ${topic}`)
    : undefined;
