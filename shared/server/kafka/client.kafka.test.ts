/** Connections, topics, and reading without a group. */
import { randomBytes } from "node:crypto";
import { Admin } from "@platformatic/kafka";
import { expect, inject, test } from "vitest";
import { describeKafka, makeTopic, recordsOf, useKafka } from "../../../test/support/kafka.ts";
import { until } from "../../until.ts";
import { loadConfig } from "../process/config.ts";
import { type Kafka, type KafkaAccess, kafkaAccessOf, openKafka } from "./client.ts";
import { KafkaUnavailable } from "./outages.ts";
import type { StoredRecord } from "./records.ts";

const valuesOf = (records: StoredRecord[]): string[] => records.map(({ value }) => String(value));

async function commit(kafka: Kafka, topic: string, values: (string | Buffer)[]): Promise<void> {
  const producer = await kafka.openProducer({ transactionalId: topic });
  await producer.begin();
  await producer.send(values.map((value) => ({ topic, partition: 0, value })));
  await producer.commit();
  await producer.close();
}

describeKafka("a client of Kafka", () => {
  const suite = useKafka();

  test("logs in with SCRAM over TLS, by the settings of a worker, and by nothing less", async () => {
    const secure = inject("kafka")?.secure ?? { port: 0, password: "", ca: "" };
    const settings = {
      SUDA_KAFKA_BROKERS: `localhost:${secure.port}`,
      ...{ SUDA_KAFKA_TLS: "on", SUDA_KAFKA_CA: secure.ca },
      ...{ SUDA_KAFKA_USER: "suda", SUDA_KAFKA_PASSWORD: secure.password },
    };
    const kindOf = async (access: KafkaAccess): Promise<string> => {
      const kafka = openKafka(access, "test");
      try {
        await kafka.ping();
        return "in";
      } catch (error) {
        return error instanceof KafkaUnavailable ? error.kind : String(error);
      } finally {
        await kafka.close();
      }
    };
    const access = kafkaAccessOf(loadConfig(settings));
    expect(await kindOf(access)).toBe("in");
    const wrong = { ...settings, SUDA_KAFKA_PASSWORD: "wrong" };
    expect(await kindOf(kafkaAccessOf(loadConfig(wrong)))).toBe("authentication");
    const { ca: _, ...unchecked } = access;
    expect(await kindOf(unchecked)).toBe("network");
    expect(
      await kindOf({ ...suite.access, login: { mechanism: "PLAIN", user: "suda", password: "x" } }),
    ).toBe("authentication");
  });

  test("is refused by a port where nothing listens, as an outage, soon", async () => {
    const kafka = openKafka({ ...suite.access, brokers: ["127.0.0.1:1"] }, "test");
    await expect(kafka.ping()).rejects.toMatchObject({ kind: "network" });
    await expect(kafka.readAll("none", () => undefined)).rejects.toBeInstanceOf(KafkaUnavailable);
    await kafka.close();
  });

  test("makes topics that are missing, changes none, and tells what differs", async () => {
    const { kafka, prefix } = suite;
    const spec = (name: string, retention: string, partitions = 2) => ({
      ...{ name: `${prefix}.${name}`, partitions, replicas: 1, config: { "retention.ms": retention } },
    });
    expect(await kafka.ensureTopics([spec("a", "1000")])).toEqual({ made: [`${prefix}.a`], differences: [] });
    expect(await kafka.ensureTopics([spec("a", "2000", 3), spec("b", "1000")])).toEqual({
      made: [`${prefix}.b`],
      differences: [
        `topic ${prefix}.a: partitions is 2, expected 3`,
        `topic ${prefix}.a: retention.ms is 1000, expected 2000`,
      ],
    });
    expect(await kafka.ensureTopics([spec("a", "1000")])).toEqual({ made: [], differences: [] });
  });

  test("reads nothing of an aborted transaction whose end is in a later answer", async () => {
    const { kafka, prefix } = suite;
    const topic = `${prefix}.long`;
    await makeTopic(kafka, topic);
    await commit(kafka, topic, ["first"]);
    const producer = await kafka.openProducer({ transactionalId: `${topic}.aborted` });
    await producer.begin();
    // More than an answer has for one partition, and not to be compressed.
    for (let n = 0; n < 6; n++) await producer.send([{ topic, value: randomBytes(400_000) }]);
    await producer.abort();
    await producer.close();
    await commit(kafka, topic, ["last"]);
    expect(valuesOf(await recordsOf(kafka, topic))).toEqual(["first", "last"]);
  });

  test("follows topics from a place on, without a group, and knows how far it is behind", async () => {
    const { kafka, prefix, access } = suite;
    const topic = `${prefix}.followed`;
    await makeTopic(kafka, topic, 2);
    await commit(kafka, topic, ["1", "2", "3"]);
    const heard: string[] = [];
    const tail = kafka.tail({
      ...{ topics: [topic], from: new Map([[topic, new Map([[0, 1n]])]]), committed: true },
      onRecords: (records) => void heard.push(...valuesOf(records)),
    });
    await until("the old records", () => heard.length === 2);
    await commit(kafka, topic, ["4"]);
    await until("the new record", () => heard.length === 3 && tail.lag() === 0n);
    expect(heard).toEqual(["2", "3", "4"]);
    // Four records, and the marks of two transactions.
    expect(tail.places().get(topic)?.get(0)).toBe(6n);
    await tail.stop();
    await commit(kafka, topic, ["5"]);
    expect(heard).toHaveLength(3);
    const login = { mechanism: "PLAIN" as const, username: "suda", password: access.login?.password ?? "" };
    const admin = new Admin({ clientId: "test", bootstrapBrokers: [...access.brokers], sasl: login });
    expect([...(await admin.listGroups()).keys()]).toEqual([]);
    await admin.close();
  });

  test("that follows from the end hears only news; an error of its listener ends it", async () => {
    const { kafka, prefix } = suite;
    const topic = `${prefix}.news`;
    await makeTopic(kafka, topic);
    await commit(kafka, topic, ["old"]);
    const tail = kafka.tail({
      ...{ topics: [topic], from: "end", committed: true },
      onRecords(records) {
        throw new Error(`heard ${valuesOf(records)}`);
      },
    });
    await until("it stands at the end", () => tail.lag() === 0n);
    await commit(kafka, topic, ["new"]);
    await expect(tail.ended).rejects.toThrow("heard new");
  });

  test("moves to the first record that is left when retention has dropped what came next", async () => {
    const { kafka, prefix, access } = suite;
    const topic = `${prefix}.dropped`;
    await makeTopic(kafka, topic);
    await commit(kafka, topic, ["1", "2", "3"]);
    const login = { mechanism: "PLAIN" as const, username: "suda", password: access.login?.password ?? "" };
    const admin = new Admin({ clientId: "test", bootstrapBrokers: [...access.brokers], sasl: login });
    await admin.deleteRecords({ topics: [{ name: topic, partitions: [{ partition: 0, offset: 2n }] }] });
    await admin.close();
    const heard: string[] = [];
    const kinds: string[] = [];
    const tail = kafka.tail({
      ...{ topics: [topic], from: new Map([[topic, new Map([[0, 0n]])]]), committed: true },
      onRecords: (records) => void heard.push(...valuesOf(records)),
      onOutage: ({ kind }) => void kinds.push(kind),
    });
    await until("the record that is left", () => heard.length > 0);
    await tail.stop();
    expect(heard).toEqual(["3"]);
    expect(kinds).toEqual(["OFFSET_OUT_OF_RANGE"]);
  });
});
