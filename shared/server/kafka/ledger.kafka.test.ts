/** Transactions whose end is missing, as the death of a broker leaves them: how they are found, and ended. */
import { Admin, Producer } from "@platformatic/kafka";
import { afterAll, expect, test } from "vitest";
import { describeKafka, makeTopic, recordsOf, useKafka } from "../../../test/support/kafka.ts";
import { createFetcher } from "./fetch.ts";
import { ENTRY_KEY, type Entry, findUnended } from "./ledger.ts";
import { placesOf } from "./places.ts";
import { openTransactions } from "./producer.ts";

describeKafka("a transaction without an end", () => {
  const suite = useKafka();
  const opened: (Admin | Producer)[] = [];
  const options = () => ({
    clientId: "test",
    bootstrapBrokers: [...suite.access.brokers],
    sasl: { mechanism: "PLAIN" as const, username: "suda", password: suite.access.login?.password ?? "" },
    retryDelay: 20,
    retries: 10,
  });
  afterAll(async () => {
    for (const each of opened) await each.close();
  });

  /** Topics with one partition each: two of events and the ledger. */
  async function openCase(name: string) {
    const [first, second, ledger] = ["one", "two", "ledger"].map((each) => `${suite.prefix}.${name}.${each}`);
    const topics = { first: first ?? "", second: second ?? "", ledger: ledger ?? "" };
    for (const topic of Object.values(topics)) await makeTopic(suite.kafka, topic);
    const admin = new Admin(options());
    opened.push(admin);
    const wanted = { topic: topics.ledger, topics: [topics.first, topics.second] };
    const find = async () => {
      const unended = await findUnended(admin, createFetcher(admin), wanted);
      return unended && { end: unended.end, topics: unended.partitions.map(({ topic }) => topic).sort() };
    };
    return { ...topics, admin, find };
  }

  function newProducer(): Producer {
    const identity = { producerId: -1n, producerEpoch: -1 };
    const transactionalId = `${suite.prefix}.${opened.length}`;
    // Kafka would give it up after this time.
    const timeout = 60_000;
    const producer = new Producer({ ...options(), ...identity, timeout, idempotent: true, transactionalId });
    opened.push(producer);
    return producer;
  }

  /** One record in a transaction of a producer of its own. @returns its offset. */
  async function write(topic: string, value: string, end?: "commit" | "abort"): Promise<number> {
    const transaction = await newProducer().beginTransaction();
    const message = { topic, key: Buffer.from(ENTRY_KEY), value: Buffer.from(value) };
    const { offsets } = await transaction.send({ messages: [message] });
    if (end) await transaction[end]();
    return Number(offsets?.[0]?.offset);
  }
  const writeEntry = (topic: string, entry: Entry, end?: "commit" | "abort") =>
    write(topic, JSON.stringify(entry), end);

  test("is not there after an ordinary commit or abort", async () => {
    const { first, find } = await openCase("none");
    await write(first, "a", "commit");
    await write(first, "b", "abort");
    expect(await find()).toBeUndefined();
  });

  test("is aborted when it never came to its entry", async () => {
    const { first, second, ledger, find } = await openCase("early");
    const offset = await write(first, "a", "commit");
    await writeEntry(ledger, { [first]: { 0: offset } }, "commit");
    await write(first, "b");
    await write(second, "b");
    expect(await find()).toEqual({ end: "abort", topics: [first, second].sort() });
  });

  test("is committed when its entry is", async () => {
    const { first, ledger, find } = await openCase("entry");
    const offset = await write(first, "a");
    await writeEntry(ledger, { [first]: { 0: offset } }, "commit");
    expect(await find()).toEqual({ end: "commit", topics: [first] });
  });

  test.each([
    ["commit", "commit"],
    ["abort", "abort"],
    ["commit", undefined],
  ] as const)(
    "ends with %s in its entry too, when Kafka has ended another of its partitions with %s",
    async (end, done) => {
      const { first, second, ledger, find } = await openCase(`other-${done ?? "none"}`);
      const offsets = [await write(first, "a"), await write(second, "a", done)];
      await writeEntry(ledger, { [first]: { 0: offsets[0] ?? 0 }, [second]: { 0: offsets[1] ?? 0 } });
      const unended = done ? [ledger, first] : [ledger, first, second];
      expect(await find()).toEqual({ end, topics: unended.sort() });
    },
  );

  test("is ended by marks in its partitions, without records", async () => {
    const { first, second, ledger, admin } = await openCase("marks");
    await write(first, "a", "commit");
    const topics = [first, second, ledger];
    const before = await placesOf(admin, topics, "end", true);
    const partitions = [first, second].map((topic) => ({ topic, partition: 0 }));
    const producer = await openTransactions(newProducer(), {
      ...{ ledger, stepMs: undefined },
      findUnended: async () => ({ partitions, end: "commit" as const }),
    });
    await producer.begin();
    await producer.send([{ topic: first, value: "b" }]);
    await producer.commit();
    await producer.close();
    const after = await placesOf(admin, topics, "end", true);
    const growth = topics.map(
      (topic) => (after.get(topic)?.get(0) ?? 0n) - (before.get(topic)?.get(0) ?? 0n),
    );
    // A mark; in the first topic and in the ledger also a record and its mark.
    expect(growth).toEqual([3n, 1n, 2n]);
    expect((await recordsOf(suite.kafka, first)).map(({ value }) => String(value))).toEqual(["a", "b"]);
    expect((await recordsOf(suite.kafka, ledger)).map(({ value }) => String(value))).toEqual([
      JSON.stringify({ [first]: { 0: 3 } }),
    ]);
  });
});
