/** Publishers that are killed, that fence one another, and whose broker dies: every number once, in order. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeKafka, makeTopic, ownKafka, recordsOf, useKafka } from "../../../test/support/kafka.ts";
import { until } from "../../until.ts";
import { type Kafka, type KafkaAccess, openKafka } from "./client.ts";
import { type Publication, publish } from "./testing/publisher.ts";

const PUBLISHER = join(import.meta.dirname, "testing/publisher.ts");
const numbersTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const numbersIn = async (kafka: Kafka, topic: string): Promise<number[]> =>
  (await recordsOf(kafka, topic)).map(({ value }) => Number(value));

async function publicationOf(
  kafka: Kafka,
  topic: string,
  count: number,
  batch: number,
): Promise<Publication> {
  const published = `${topic}.published`;
  await makeTopic(kafka, topic);
  const ledger = `${topic}.ledger`;
  for (const name of [published, ledger]) await makeTopic(kafka, name, 1, { "cleanup.policy": "compact" });
  return { topic, published, ledger, count, batch };
}

const startProcess = (access: KafkaAccess, publication: Publication): ChildProcess =>
  spawn(process.execPath, [PUBLISHER, JSON.stringify({ access, ...publication })], { stdio: "inherit" });

describeKafka("every number is published once and in order", () => {
  const suite = useKafka();

  test("by a process that is killed again and again", async () => {
    const { kafka, access, prefix } = suite;
    const publication = await publicationOf(kafka, `${prefix}.killed`, 400, 10);
    const reached = async (): Promise<number> => (await numbersIn(kafka, publication.published)).at(-1) ?? 0;
    for (const bound of [30, 150]) {
      const child = startProcess(access, publication);
      await until(`${bound} numbers`, async () => (await reached()) >= bound, { everyMs: 50 });
      child.kill("SIGKILL");
      await once(child, "exit");
      expect(await reached()).toBeLessThan(publication.count);
    }
    await publish(kafka, publication);
    expect(await numbersIn(kafka, publication.topic)).toEqual(numbersTo(publication.count));
  }, 60_000);

  test("by two publishers at once, who fence each other", async () => {
    const { kafka, prefix } = suite;
    const publication = await publicationOf(kafka, `${prefix}.two`, 100, 5);
    const met = await Promise.all([publish(kafka, publication), publish(kafka, publication)]);
    expect(met.flat()).toContain("fenced");
    expect(await numbersIn(kafka, publication.topic)).toEqual(numbersTo(publication.count));
  }, 60_000);

  test("through the death of the broker, and a broker that stands still", async () => {
    const broker = await ownKafka();
    const kafka = openKafka(broker.access, "test");
    try {
      const publication = await publicationOf(kafka, "numbers", 200, 5);
      let last = 0;
      const onCommit = (number: number): void => {
        last = number;
      };
      const idle = await kafka.openProducer({ transactionalId: "idle" });
      const publishing = publish(kafka, { ...publication, onCommit });
      await until("some numbers", () => last >= 30, { everyMs: 5 });
      await broker.kill();
      await until("a producer without anything to send notices it", () => !idle.usable());
      await idle.close();
      await broker.start();
      expect(last).toBeLessThan(100);
      await until("more numbers", () => last >= 100, { everyMs: 5 });
      broker.pause();
      setTimeout(broker.resume, 500);
      expect(last).toBeLessThan(publication.count);
      const met = await publishing;
      expect(met.length).toBeGreaterThan(0);
      expect(await numbersIn(kafka, "numbers")).toEqual(numbersTo(publication.count));
    } finally {
      await kafka.close();
      await broker.stop();
    }
  }, 120_000);
});
