import { expect, test } from "vitest";
import { loadConfig } from "../process/config.ts";
import { eventHeaders, messageKey } from "./envelope.ts";
import { inBatches } from "./records.ts";
import { privateTopicNames, topicNames, topicSpecs } from "./topics.ts";

const SECRET = "0123456789abcdef0123456789abcdef";
const given = { SUDA_KAFKA_BROKERS: "kafka:9092", SUDA_SHARDS: "4" };
const namesOf = (env: NodeJS.ProcessEnv): string[] =>
  topicSpecs(loadConfig({ ...given, ...env })).map(({ name }) => name);

test("topics of private rooms and of commands are made only when a setting asks for them", () => {
  const usual = ["events", "messages", "rooms", "audit", "published", "users", "ledger"].map(
    (name) => `suda.${name}`,
  );
  expect(namesOf({})).toEqual(usual);
  expect(namesOf({ SUDA_KAFKA_COMMAND_KEYS: `bot:user:${SECRET}` })).toEqual([
    ...usual,
    ...["suda.commands", "suda.command-results"],
  ]);
  const hidden = ["events", "messages", "rooms", "audit", "published"].map((name) => `chat.private.${name}`);
  expect(namesOf({ SUDA_KAFKA_PRIVATE: "on", SUDA_KAFKA_TOPICS: "chat" }).slice(-5)).toEqual(hidden);
  expect(topicNames("chat").commandResults).toBe("chat.command-results");
  expect(Object.values(privateTopicNames("chat"))).toEqual(hidden);
});

test("events and messages have a partition for each shard, and events are kept for the days of the setting", () => {
  const specs = topicSpecs(
    loadConfig({ ...given, SUDA_KAFKA_RETENTION_DAYS: "2", SUDA_KAFKA_REPLICAS: "3" }),
  );
  const spec = (name: string) => specs.find((each) => each.name === `suda.${name}`);
  expect(specs.map(({ partitions }) => partitions)).toEqual([4, 4, 1, 1, 1, 1, 1]);
  expect(new Set(specs.map(({ replicas }) => replicas))).toEqual(new Set([3]));
  expect(spec("events")?.config).toMatchObject({ "cleanup.policy": "delete", "retention.ms": "172800000" });
  for (const name of ["messages", "rooms", "users", "published", "ledger"])
    expect(spec(name)?.config["cleanup.policy"], name).toBe("compact");
});

test("messages are dropped with time where the archive drops them, and else never", () => {
  const specs = topicSpecs(
    loadConfig({
      ...given,
      SUDA_RETENTION_DAYS: "30",
      SUDA_KAFKA_PRIVATE: "on",
      SUDA_KAFKA_RETENTION_DAYS: "2",
    }),
  );
  for (const name of ["suda.messages", "suda.private.messages"])
    expect(specs.find((each) => each.name === name)?.config).toMatchObject({
      "cleanup.policy": "compact,delete",
      "retention.ms": String(30 * 86_400_000),
    });
  expect(specs.find(({ name }) => name === "suda.users")?.config).not.toHaveProperty("retention.ms");
});

test("an event is a CloudEvent whose id is the same in every publication", () => {
  const at = Date.UTC(2026, 1, 3, 4, 5, 6, 7);
  const event = { cluster: "c1", room: "방", epoch: 2_000_000, seq: 2_000_007, previous: 2_000_005 };
  expect(eventHeaders({ ...event, kind: "message", at })).toEqual({
    ce_specversion: "1.0",
    ce_id: "방/2000000/2000007",
    ce_source: "/suda/c1",
    ce_type: "suda.message",
    ce_time: "2026-02-03T04:05:06.007Z",
    ce_subject: "방",
    ce_partitionkey: "방",
    ce_sequence: "2000007",
    ce_previous: "2000005",
    "content-type": "application/json",
  });
  expect(messageKey("방", 7)).toBe("방/7");
});

test("no batch for one partition is larger than Kafka takes, and the order stays", () => {
  const value = "x".repeat(200 << 10);
  const records = Array.from({ length: 9 }, (_, index) => ({
    ...{ topic: "t", partition: index % 2, key: String(index), value },
  }));
  const parts = inBatches(records);
  expect(parts.flat()).toEqual(records);
  for (const part of parts)
    for (const partition of [0, 1])
      expect(part.filter((record) => record.partition === partition).length).toBeLessThanOrEqual(2);
  expect(inBatches([{ topic: "t", value: Buffer.alloc(2 << 20) }])).toHaveLength(1);
  expect(inBatches([])).toEqual([]);
});
