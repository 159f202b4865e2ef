/** Events of the archive, written once more into another topic. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { StoredRecord } from "../../shared/server/kafka/records.ts";
import { describeKafka, makeTopic, recordsOf, useKafka } from "../../test/support/kafka.ts";
import { openTestEnvironment, type TestEnvironment } from "../testing/test-environment.ts";
import { type ReplayDeps, replay } from "./replay.ts";
import { CLUSTER, openTestPublisher } from "./testing/publishing.ts";

const DAY_MS = 86_400_000;
const NOW = Date.now();
const YESTERDAY = new Date(NOW - DAY_MS).toISOString().slice(0, 10);
const EVER = { from: "1970-01-01", until: "9999-12-31" };

describeKafka("a replay", () => {
  const suite = useKafka();
  let environment: TestEnvironment;
  let live: StoredRecord[];
  let count = 0;
  beforeAll(async () => {
    environment = await openTestEnvironment();
    const { sql, redis, keys } = environment;
    for (const room of ["tea", "other"]) await environment.startRoom(room);
    const publisher = openTestPublisher(environment, suite.kafka, `${suite.prefix}-live`);
    for (let n = 0; n < 20; n++) {
      await environment.sayAt("tea", NOW - (n < 10 ? DAY_MS : 0), `tea ${n}`);
      await environment.sayAt("other", NOW, `other ${n}`);
    }
    await publisher.archive();
    const [begun] = await sql`select begin_epoch('tea', 0)::float8 as base`;
    await redis.hset(keys.room("tea"), "seq", Number(begun?.base));
    for (let n = 0; n < 5; n++) await environment.sayAt("tea", NOW, `later ${n}`);
    await publisher.archive();
    const { stop } = publisher.start();
    await publisher.published();
    await stop();
    live = (await recordsOf(suite.kafka, `${suite.prefix}-live.events`)).filter(({ key }) => key === "tea");
  });
  afterAll(async () => environment?.close());

  const partOf = ({ key, value, headers }: StoredRecord) => ({ key, value: String(value), headers });
  const into = async (topic: string, more: Partial<ReplayDeps> = {}) => {
    const done = await replay({
      ...{ sql: environment.sql, kafka: suite.kafka, cluster: CLUSTER, room: "tea", days: EVER, topic },
      ...{ onProgress: () => undefined, signal: new AbortController().signal, ...more },
    });
    return { done, records: (await recordsOf(suite.kafka, topic)).map(partOf) };
  };
  const newTopic = async (): Promise<string> => {
    const topic = `${suite.prefix}-own-${++count}`;
    await makeTopic(suite.kafka, topic);
    return topic;
  };

  test("has the values, headers and ids of the publication, in every epoch", async () => {
    expect(live).toHaveLength(25);
    expect(live.at(-1)?.headers.ce_id).toMatch(/^tea\/20000\d\d\/20000\d\d$/);
    const { done, records } = await into(await newTopic());
    expect(done).toEqual({ events: 25, isWhole: true });
    expect(records).toEqual(live.map(partOf));
  });

  test("of some days begins and ends with them, and names the event before", async () => {
    const first = await into(await newTopic(), { days: { ...EVER, until: YESTERDAY } });
    expect(first.records).toEqual(live.slice(0, 10).map(partOf));
    const rest = await into(await newTopic(), {
      days: { ...EVER, from: new Date(NOW).toISOString().slice(0, 10) },
    });
    expect(rest.records).toEqual(live.slice(10).map(partOf));
    await expect(into(await newTopic(), { room: "nowhere" })).rejects.toThrow("nowhere has no events");
  });

  test("that was interrupted goes on behind what is there, and one that was complete adds nothing", async () => {
    const topic = await newTopic();
    await into(topic, { days: { ...EVER, until: YESTERDAY } });
    const { done, records } = await into(topic);
    expect(done).toEqual({ events: 15, isWhole: true });
    expect(records).toEqual(live.map(partOf));
    expect((await into(topic)).records).toHaveLength(25);
    const stopped = await into(await newTopic(), { signal: AbortSignal.abort() });
    expect(stopped).toEqual({ done: { events: 0, isWhole: false }, records: [] });
  });
});
