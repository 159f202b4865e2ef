/** The topics of a cluster: names, partitions and settings. Pure. docs/kafka/README.md has the same table for people. */
import type { Config } from "../process/config.ts";

export type TopicSpec = {
  name: string;
  partitions: number;
  replicas: number;
  config: Record<string, string>;
};

/** The names behind the prefix. Those of rooms that are not public have `private.` between. */
const NAMES = {
  events: "events",
  messages: "messages",
  rooms: "rooms",
  users: "users",
  audit: "audit",
  published: "published",
  ledger: "ledger",
  commands: "commands",
  commandResults: "command-results",
} as const;
const OF_PRIVATE_ROOMS = ["events", "messages", "rooms", "audit", "published"] as const;

export type TopicNames = Record<keyof typeof NAMES, string>;
export type PrivateTopicNames = Pick<TopicNames, (typeof OF_PRIVATE_ROOMS)[number]>;

export const topicNames = (prefix: string): TopicNames =>
  Object.fromEntries(Object.entries(NAMES).map(([key, name]) => [key, `${prefix}.${name}`])) as TopicNames;

export const privateTopicNames = (prefix: string): PrivateTopicNames =>
  Object.fromEntries(
    OF_PRIVATE_ROOMS.map((key) => [key, `${prefix}.private.${NAMES[key]}`]),
  ) as PrivateTopicNames;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * The retention counts from when Kafka got a record, so a record that was published days late is kept as long as the others, and
 * neither a wrong clock nor the age of an archive matters.
 */
const BY_TIME = { "message.timestamp.type": "LogAppendTime" };
/** A record that a later one replaces is gone within about an hour: a deleted text, too. */
const COMPACTED = { ...BY_TIME, "cleanup.policy": "compact", "max.compaction.lag.ms": String(HOUR_MS) };
/** Each transaction writes watermarks, and each start reads all of them: small files are compacted soon. */
const WATERMARKS = { ...COMPACTED, "segment.bytes": String(16 << 20), "min.cleanable.dirty.ratio": "0.1" };

/** Anybody's programs write these, and a gateway must be able to read them however they were compressed. */
const OF_ANYBODY = { "compression.type": "uncompressed" };

type Settings = Pick<
  Config,
  | "kafkaTopics"
  | "kafkaPrivate"
  | "kafkaRetentionDays"
  | "kafkaReplicas"
  | "kafkaCommandKeys"
  | "retentionDays"
  | "shards"
>;

/** All topics that a cluster with these settings uses. */
export function topicSpecs(settings: Settings): TopicSpec[] {
  const {
    kafkaTopics,
    kafkaPrivate,
    kafkaRetentionDays,
    kafkaCommandKeys,
    retentionDays,
    shards,
    kafkaReplicas: replicas,
  } = settings;
  const keptFor = (days: number) => ({ "retention.ms": String(days * DAY_MS) });
  const kept = { ...BY_TIME, "cleanup.policy": "delete", ...keptFor(kafkaRetentionDays) };
  // Nothing tells Kafka of a day that the archive drops, so that its messages are dropped by their time here too.
  const messages =
    retentionDays === 0
      ? COMPACTED
      : { ...COMPACTED, "cleanup.policy": "compact,delete", ...keptFor(retentionDays) };
  const spec = (name: string, config: Record<string, string>, partitions = 1): TopicSpec => ({
    ...{ name, partitions, replicas, config },
  });
  const ofRooms = (names: PrivateTopicNames): TopicSpec[] => [
    spec(names.events, kept, shards),
    spec(names.messages, messages, shards),
    spec(names.rooms, COMPACTED),
    spec(names.audit, kept),
    spec(names.published, WATERMARKS),
  ];
  const names = topicNames(kafkaTopics);
  return [
    ...ofRooms(names),
    spec(names.users, COMPACTED),
    spec(names.ledger, WATERMARKS),
    ...(kafkaCommandKeys.length > 0
      ? [spec(names.commands, { ...kept, ...OF_ANYBODY }), spec(names.commandResults, kept)]
      : []),
    ...(kafkaPrivate ? ofRooms(privateTopicNames(kafkaTopics)) : []),
  ];
}
