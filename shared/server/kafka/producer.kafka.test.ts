/** Exactly once, with real transactions. */
import { expect, test } from "vitest";
import { describeKafka, makeTopic, recordsOf, useKafka } from "../../../test/support/kafka.ts";
import type { Kafka } from "./client.ts";
import { KafkaUnavailable } from "./outages.ts";

describeKafka("a producer", () => {
  const suite = useKafka();
  const valuesOf = async (kafka: Kafka, topic: string): Promise<string[]> =>
    (await recordsOf(kafka, topic)).map(({ value }) => String(value));
  const nameOf = (name: string): string => `${suite.prefix}.${name}`;

  test("makes visible what it committed, and nothing of what it aborted or never ended", async () => {
    const { kafka } = suite;
    const topic = nameOf("visible");
    await makeTopic(kafka, topic);
    const producer = await kafka.openProducer({ transactionalId: topic });
    for (const end of ["commit", "abort", "commit"] as const) {
      await producer.begin();
      await producer.send([
        { topic, key: "a", value: `${end} 1` },
        { topic, key: "a", value: `${end} 2` },
      ]);
      await producer[end]();
    }
    await producer.begin();
    await producer.send([{ topic, value: "open" }]);
    expect(await valuesOf(kafka, topic)).toEqual(["commit 1", "commit 2", "commit 1", "commit 2"]);
    await producer.abort();
    await producer.close();
  });

  test("keeps keys, headers, tombstones and bytes as they were", async () => {
    const { kafka } = suite;
    const topic = nameOf("bytes");
    await makeTopic(kafka, topic, 3);
    const producer = await kafka.openProducer({ transactionalId: topic });
    await producer.begin();
    const value = Buffer.from('{"text":"수다 🐙"}');
    await producer.send([
      { topic, partition: 2, key: "방/1", value, headers: { ce_id: "방/0/1", ce_type: "suda.message" } },
      { topic, partition: 2, key: "방/2" },
      { topic, partition: 2, value: "" },
    ]);
    await producer.commit();
    await producer.close();
    const [first, second, third] = await recordsOf(kafka, topic);
    expect(first).toMatchObject({
      partition: 2,
      key: "방/1",
      headers: { ce_id: "방/0/1", ce_type: "suda.message" },
    });
    expect(first?.value?.equals(value)).toBe(true);
    expect(second).toMatchObject({ key: "방/2", value: undefined });
    expect(third).toMatchObject({ key: undefined, value: Buffer.alloc(0) });
  });

  test("that comes second fences the first one, and aborts what that one had under way", async () => {
    const { kafka } = suite;
    const topic = nameOf("fenced");
    await makeTopic(kafka, topic);
    const first = await kafka.openProducer({ transactionalId: topic });
    await first.begin();
    await first.send([{ topic, value: "of the first" }]);
    const second = await kafka.openProducer({ transactionalId: topic });
    const late = first.commit();
    await expect(late).rejects.toBeInstanceOf(KafkaUnavailable);
    await expect(late).rejects.toMatchObject({ kind: "fenced" });
    expect(first.usable()).toBe(false);
    await second.begin();
    await second.send([{ topic, value: "of the second" }]);
    await second.commit();
    expect(await valuesOf(kafka, topic)).toEqual(["of the second"]);
    await expect(first.begin()).rejects.toMatchObject({ kind: "closed" });
    await second.close();
  });
});
