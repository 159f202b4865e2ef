/** Short connections of the commands to Kafka: the one of the settings, or else the running cluster's own. */
import type { Kafka, KafkaAccess } from "../../../shared/server/kafka/client.ts";
import { KafkaUnavailable } from "../../../shared/server/kafka/outages.ts";
import { privateTopicNames, topicNames } from "../../../shared/server/kafka/topics.ts";
import { type CommandKey, KAFKA_SETTINGS } from "../../../shared/server/process/kafka-settings.ts";
import { readSettings } from "../cli/environment.ts";
import { Problem } from "../cli/problem.ts";
import { askSettings, findBackends } from "../cluster/control-client.ts";

export type KafkaOfCluster = {
  kafka: Kafka;
  access: KafkaAccess;
  /** The first part of the names of the cluster's topics. */
  prefix: string;
  /** The keys of commands. */
  keys: readonly CommandKey[];
  /** Copies of a new topic. */
  replicas: number;
  /** Whether rooms that are not public may go to Kafka. */
  withPrivate: boolean;
};

/** @throws Problem without a Kafka, or when it does not answer. */
export async function withKafka<T>(data: string, visit: (found: KafkaOfCluster) => Promise<T>): Promise<T> {
  const found = await findKafka(data);
  const { openKafka } = await import("../../../shared/server/kafka/client.ts");
  const kafka = openKafka(found.access, "suda-command");
  try {
    await kafka.ping();
    return await visit({ kafka, ...found });
  } finally {
    await kafka.close();
  }
}

async function findKafka(data: string): Promise<Omit<KafkaOfCluster, "kafka">> {
  const config = readSettings();
  const { kafkaAccessOf } = await import("../../../shared/server/kafka/client.ts");
  const { kafkaTopics: prefix, kafkaReplicas: replicas, kafkaPrivate: withPrivate } = config;
  const given = { prefix, keys: config.kafkaCommandKeys, replicas, withPrivate };
  if (config.kafkaBrokers.length > 0) return { access: kafkaAccessOf(config), ...given };
  const { kafka } = findBackends(data);
  if (!kafka)
    throw new Problem(
      `The cluster of ${data} has no Kafka: start it with --kafka, or set SUDA_KAFKA_BROKERS`,
    );
  const { brokers, user, password, commandKeys } = kafka;
  const inForce = new Map((await askSettings(data)).map(({ name, value }) => [name, value]));
  return {
    access: { brokers: brokers.split(","), tls: false, login: { mechanism: "PLAIN", user, password } },
    prefix: inForce.get(KAFKA_SETTINGS.kafkaTopics.env) ?? prefix,
    keys: KAFKA_SETTINGS.kafkaCommandKeys.read(commandKeys),
    replicas: 1,
    withPrivate: inForce.get(KAFKA_SETTINGS.kafkaPrivate.env) === "on",
  };
}

/** The topics that the worker and the gateways write. */
export const ownTopics = (prefix: string): string[] => [
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
