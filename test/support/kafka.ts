/** The broker of the run, for one test file with topics of its own. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, inject } from "vitest";
import { freePort } from "../../load-tests/support/free-port.ts";
import { type Kafka, type KafkaAccess, openKafka } from "../../shared/server/kafka/client.ts";
import type { StoredRecord } from "../../shared/server/kafka/records.ts";
import { until } from "../../shared/until.ts";
import { accessOf, startKafka } from "./kafka-broker.ts";
import type {} from "./kafka-setup.ts";
import { trackOpen } from "./open-resources.ts";

/** Skips its tests where no Kafka can run. */
export const describeKafka = describe.skipIf(inject("kafka") === null);

export type TestKafka = {
  kafka: Kafka;
  access: KafkaAccess;
  /** The beginning of the names of this file's topics and transactional ids. */
  prefix: string;
};

/** To be called within `describeKafka`. The client is there from the first `beforeAll` behind it on. */
export function useKafka(): TestKafka {
  const address = inject("kafka") ?? { port: 0, password: "" };
  const access = accessOf(address);
  const test: TestKafka = {
    ...{ access, prefix: `t${randomBytes(6).toString("hex")}` },
    kafka: undefined as unknown as Kafka,
  };
  let closed = (): void => undefined;
  beforeAll(async () => {
    test.kafka = openKafka(access, "test");
    closed = trackOpen("client of Kafka");
    await answers(test.kafka);
  }, 90_000);
  afterAll(async () => {
    await test.kafka.close();
    closed();
  });
  return test;
}

/** A broker of this test alone, which may be killed. */
export async function ownKafka() {
  const folder = mkdtempSync(join(tmpdir(), "suda-own-kafka-"));
  const ports = { port: await freePort(), controllerPort: await freePort() };
  const settings = { folder, ...ports, password: "test" };
  let server = await startKafka(settings);
  const closed = trackOpen(`Kafka on port ${settings.port}`);
  return {
    access: accessOf(settings),
    kill: () => server.stop("SIGKILL", 0),
    /** SIGSTOP: connections stay open, and nothing is answered until `resume`. */
    pause: () => server.signal("SIGSTOP"),
    resume: () => server.signal("SIGCONT"),
    async start() {
      server = await startKafka(settings);
    },
    async stop() {
      server.signal("SIGCONT");
      await server.stop("SIGKILL", 0);
      closed();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Makes a topic of one or more partitions. */
export const makeTopic = (kafka: Kafka, name: string, partitions = 1, config: Record<string, string> = {}) =>
  kafka.ensureTopics([{ name, partitions, replicas: 1, config }]);

/** The committed records of a topic, in order for each partition. */
export async function recordsOf(kafka: Kafka, topic: string): Promise<StoredRecord[]> {
  const records: StoredRecord[] = [];
  await kafka.readAll(topic, (record) => void records.push(record));
  return records;
}

async function answers(kafka: Kafka): Promise<void> {
  const ping = async (): Promise<boolean> => {
    await kafka.ping();
    return true;
  };
  await until("Kafka answers", ping, { withinMs: 80_000, everyMs: 100 });
}
