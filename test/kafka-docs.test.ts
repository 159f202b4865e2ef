/** docs/kafka/README.md has the topics as the code makes them. */
import { expect, it } from "vitest";
import { privateTopicNames, topicSpecs } from "../shared/server/kafka/topics.ts";
import { loadConfig } from "../shared/server/process/config.ts";
import { readText } from "./support/sources.ts";

const SECRET = "0123456789abcdef0123456789abcdef";
const document = readText("docs/kafka/README.md");

it("the document has every topic, with its partitions and its cleanup", () => {
  const settings = { SUDA_KAFKA_BROKERS: "kafka:9092", SUDA_KAFKA_COMMAND_KEYS: `bot:user:${SECRET}` };
  const specs = topicSpecs(loadConfig({ ...settings, SUDA_SHARDS: "5", SUDA_KAFKA_RETENTION_DAYS: "3" }));
  const rows = [...document.matchAll(/^\| `(suda\.[\w-]+)` \| ([^|]+) \| ([^|]+) \|/gm)].map(
    ([, name = "", partitions = "", cleanup = ""]) => ({
      name,
      partitions: partitions.startsWith("as `SUDA_SHARDS`") ? 5 : Number(partitions),
      cleanup: cleanup.split(",")[0],
      isKeptByDays: cleanup.includes("SUDA_KAFKA_RETENTION_DAYS"),
    }),
  );
  const made = specs.map(({ name, partitions, config }) => ({
    ...{ name, partitions, cleanup: config["cleanup.policy"] },
    isKeptByDays: config["retention.ms"] === String(3 * 86_400_000),
  }));
  const byName = (one: { name: string }, other: { name: string }): number =>
    one.name.localeCompare(other.name);
  expect(rows.sort(byName)).toEqual(made.sort(byName));
});

it("the document names the topics of private rooms", () => {
  for (const name of Object.values(privateTopicNames("suda"))) expect(document).toContain(`\`${name}\``);
});
