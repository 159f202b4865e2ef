/** Everything that is stored gets to Kafka once, in order, whatever happens to the publisher. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { KafkaUnavailable } from "../../shared/server/kafka/outages.ts";
import { describeKafka, recordsOf, useKafka } from "../../test/support/kafka.ts";
import { openTestEnvironment, type TestEnvironment } from "../testing/test-environment.ts";
import { createFailingKafka, STEPS } from "./testing/failing-kafka.ts";
import { findFaults } from "./testing/judge.ts";
import { openTestPublisher } from "./testing/publishing.ts";

describeKafka("a publisher", () => {
  const suite = useKafka();
  let environment: TestEnvironment;
  beforeAll(async () => {
    environment = await openTestEnvironment();
    for (const room of ["one", "two"]) await environment.startRoom(room);
  });
  afterAll(async () => environment?.close());

  let said = 0;
  const sayMore = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n++) await environment.say(said % 3 === 0 ? "one" : "two", `text ${said++}`);
  };
  const faults = (prefix: string): Promise<string[]> => findFaults(environment.sql, suite.kafka, prefix);

  test("publishes what was stored before it began, and at once what is stored while it runs", async () => {
    const prefix = `${suite.prefix}-first`;
    await sayMore(30);
    const publisher = openTestPublisher(environment, suite.kafka, prefix);
    await publisher.archive();
    const { stop } = publisher.start();
    await publisher.published();
    await sayMore(30);
    await publisher.archive();
    await publisher.published(3_000);
    await stop();
    expect(await faults(prefix)).toEqual([]);
    expect((await recordsOf(suite.kafka, `${prefix}.events`)).length).toBe(said);
    expect(await publisher.metric("suda_kafka_published_total")).toBeGreaterThan(2 * said);
    expect(await publisher.metric("suda_kafka_lag_events")).toBe(0);
  });

  test("that lost an answer of Kafka, at whichever step, begins anew and doubles nothing", async () => {
    const prefix = `${suite.prefix}-answers`;
    const { kafka, failAt, planned } = createFailingKafka(suite.kafka);
    const publisher = openTestPublisher(environment, kafka, prefix);
    const { stop } = publisher.start();
    for (const step of [...STEPS, ...STEPS.toReversed()]) {
      failAt(step, () => new KafkaUnavailable("network", `no answer: ${step}`));
      await sayMore(5);
      await publisher.archive();
      await publisher.published();
    }
    await stop();
    // Those of a new producer come with the next failure only.
    expect(planned()).toEqual(["read", "opened", "open", "topics"]);
    expect(await publisher.metric("suda_kafka_errors_total")).toBe(16);
    expect(await faults(prefix)).toEqual([]);
  }, 60_000);

  test("that dies at whichever step is followed by one that goes on behind it", async () => {
    const prefix = `${suite.prefix}-deaths`;
    const { kafka, failAt } = createFailingKafka(suite.kafka);
    for (const step of STEPS) {
      const dying = openTestPublisher(environment, kafka, prefix);
      await sayMore(5);
      await dying.archive();
      failAt(step, () => new Error("dies"));
      await expect(dying.start().ended).rejects.toThrow("dies");
    }
    const last = openTestPublisher(environment, kafka, prefix);
    const { stop } = last.start();
    await last.published();
    await stop();
    expect(await faults(prefix)).toEqual([]);
  }, 60_000);
});
