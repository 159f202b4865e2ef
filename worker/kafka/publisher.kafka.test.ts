/** Everything that is stored gets to Kafka once, in order. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeKafka, recordsOf, useKafka } from "../../test/support/kafka.ts";
import { openTestEnvironment, type TestEnvironment } from "../testing/test-environment.ts";
import { findFaults } from "./testing/judge.ts";
import { openTestPublisher } from "./testing/publishing.ts";

describeKafka("a publisher", () => {
  const suite = useKafka();
  let environment: TestEnvironment;
  beforeAll(async () => {
    environment = await openTestEnvironment();
  });
  afterAll(async () => environment?.close());

  test("publishes what was stored before it began, and what is stored while it runs", async () => {
    const prefix = `${suite.prefix}-first`;
    for (const room of ["one", "two"]) await environment.startRoom(room);
    for (let n = 0; n < 30; n++) await environment.say(n % 3 === 0 ? "one" : "two", `before ${n}`);
    const publisher = openTestPublisher(environment, suite.kafka, prefix);
    await publisher.archive();
    const stop = publisher.start();
    await publisher.published();
    for (let n = 0; n < 30; n++) await environment.say(n % 3 === 0 ? "one" : "two", `while ${n}`);
    await publisher.archive();
    await publisher.published();
    await stop();
    expect(await findFaults(environment.sql, suite.kafka, prefix)).toEqual([]);
    expect((await recordsOf(suite.kafka, `${prefix}.events`)).length).toBe(60);
    expect(await publisher.metric("suda_kafka_lag_events")).toBe(0);
  });
});
