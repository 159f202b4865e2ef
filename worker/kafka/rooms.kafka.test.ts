/** Rooms as Kafka has them after deletions, dead letters, new epochs and imports, and when they end. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../../shared/until.ts";
import { describeKafka, recordsOf, useKafka } from "../../test/support/kafka.ts";
import { archiveOf, openExchange } from "../exchange/testing/exchange.ts";
import { createRetention } from "../retention.ts";
import { emptyClosed } from "../testing/empty-closed.ts";
import { AUTHOR, openTestEnvironment, type TestEnvironment } from "../testing/test-environment.ts";
import { createMirrorQueries } from "./mirror-queries.ts";
import { findFaults } from "./testing/judge.ts";
import { openTestPublisher } from "./testing/publishing.ts";

const DAY_MS = 86_400_000;

describeKafka("a publisher", () => {
  const suite = useKafka();
  let environment: TestEnvironment;
  beforeAll(async () => {
    environment = await openTestEnvironment();
  });
  afterAll(async () => environment?.close());

  /** Publishes all that Redis and PostgreSQL have. */
  async function publish(prefix: string): Promise<void> {
    const publisher = openTestPublisher(environment, suite.kafka, prefix);
    await publisher.archive();
    const { stop } = publisher.start();
    await publisher.published();
    await stop();
  }
  /** @returns faults. */
  async function publishAll(prefix: string): Promise<string[]> {
    await publish(prefix);
    return findFaults(environment.sql, suite.kafka, prefix);
  }
  const eventsOf = async (prefix: string, room: string) =>
    (await recordsOf(suite.kafka, `${prefix}.events`)).filter(({ key }) => key === room);
  /** The keys of messages that have a text. */
  const messagesOf = async (prefix: string, room: string): Promise<string[]> => {
    const kept = new Set<string>();
    for (const { key = "", value } of await recordsOf(suite.kafka, `${prefix}.messages`))
      if (value) kept.add(key);
      else kept.delete(key);
    return [...kept].filter((key) => key.startsWith(`${room}/`));
  };
  /** Begins an epoch as a gateway does after Redis lost the room. */
  async function beginEpoch(room: string, epoch: string): Promise<number> {
    const [row] = await environment.sql<{ base: string; lastSeq: string }[]>`
      select begin_epoch(name, 0) as base, last_seq as "lastSeq" from rooms where name = ${room}`;
    const base = Number(row?.base);
    const before = { prevEpoch: "", prevUpTo: 0, postgresSeq: Number(row?.lastSeq), entries: [] };
    await environment.scripts.restore(room, { epoch, base, ...before });
    return base;
  }

  test("leaves no text of a deleted or removed message among the messages, whenever it was published", async () => {
    const prefix = `${suite.prefix}-deleted`;
    const room = await environment.startRoom("deleted");
    for (let n = 1; n <= 9; n++) await environment.say(room, `text ${n}`);
    await environment.remove(room, 2);
    expect(await publishAll(prefix)).toEqual([]);
    expect(await messagesOf(prefix, room)).toEqual([1, 3, 4, 5, 6, 7, 8, 9].map((seq) => `deleted/${seq}`));
    await environment.remove(room, 4);
    await environment.put(room, (seq) =>
      JSON.stringify({
        type: "removed",
        room,
        seq,
        at: Date.now(),
        author: AUTHOR.id,
        from: 6,
        by: AUTHOR.id,
      }),
    );
    await environment.say(room, "later");
    expect(await publishAll(prefix)).toEqual([]);
    expect(await messagesOf(prefix, room)).toEqual([1, 3, 5, 13].map((seq) => `deleted/${seq}`));
    expect((await eventsOf(prefix, room)).map(({ headers }) => headers.ce_type).slice(-3)).toEqual([
      ...["suda.deleted", "suda.removed", "suda.message"],
    ]);
  });

  test("chains over events that became dead letters, and does not wait for more at the end", async () => {
    const prefix = `${suite.prefix}-dead`;
    const room = await environment.startRoom("dead");
    const bad = () =>
      environment.put(room, (seq) =>
        JSON.stringify({
          type: "message",
          room,
          seq,
          at: Date.now(),
          user: { id: "?" },
          clientId: `${seq}`,
          text: "x",
        }),
      );
    await environment.say(room, "one");
    await bad();
    await environment.say(room, "three");
    await bad();
    expect(await publishAll(prefix)).toEqual([]);
    expect(
      (await eventsOf(prefix, room)).map(({ headers }) => [headers.ce_sequence, headers.ce_previous]),
    ).toEqual([
      ["1", "0"],
      ["3", "1"],
    ]);
    await environment.say(room, "five");
    expect(await publishAll(prefix)).toEqual([]);
    expect((await eventsOf(prefix, room)).at(-1)?.headers).toMatchObject({
      ce_sequence: "5",
      ce_previous: "3",
    });
  });

  test("a message has the same name whenever it is published, in whichever epoch of Redis it was said", async () => {
    const room = await environment.startRoom("epochs");
    await environment.say(room, "one");
    await publishAll(`${suite.prefix}-live`);
    await environment.redis.flushdb();
    const base = await beginEpoch(room, "second");
    // This one is never used.
    await environment.redis.flushdb();
    await environment.sql`select begin_epoch(${room}, 0)`;
    const last = await beginEpoch(room, "third");
    await environment.say(room, "after");
    expect(await publishAll(`${suite.prefix}-live`)).toEqual([]);
    expect(await publishAll(`${suite.prefix}-replay`)).toEqual([]);
    const ids = (await eventsOf(`${suite.prefix}-live`, room)).map(({ headers }) => headers.ce_id);
    expect(ids).toEqual(["epochs/0/1", `epochs/${last}/${last + 1}`]);
    expect(last).toBeGreaterThan(base);
    expect((await eventsOf(`${suite.prefix}-replay`, room)).map(({ headers }) => headers.ce_id)).toEqual(ids);
  });

  test("publishes an import when all of it is there, in the order of its seqs, whatever its days", async () => {
    const prefix = `${suite.prefix}-import`;
    const room = await environment.startRoom("imported");
    const exchange = openExchange(environment);
    const lines = (name: string) =>
      Array.from({ length: 300 }, (_, n) => ({
        ...{ room: name, user: { nickname: "f1" }, text: `old ${n}` },
        // Days that overlap.
        at: Date.UTC(2025, 0, 1) + ((n * 7) % 40) * DAY_MS,
      }));
    const archive = archiveOf([...lines(room), ...lines("imported-new")]);
    await environment.say(room, "before");
    await exchange.importPiece(archive, { append: true, pieceBytes: 4_000 });
    expect(await publishAll(prefix)).toEqual([]);
    expect(await eventsOf(prefix, room)).toHaveLength(1);
    await environment.say(room, "meanwhile");
    await exchange.import(archive, { append: true });
    exchange.close();
    await beginEpoch(room, "after import");
    await environment.say(room, "after");
    expect(await publishAll(prefix)).toEqual([]);
    expect(await eventsOf(prefix, room)).toHaveLength(303);
    expect(await eventsOf(prefix, "imported-new")).toHaveLength(300);
  });

  test("goes on with the chain where a room has the name of one that was deleted", async () => {
    const prefix = `${suite.prefix}-reborn`;
    const room = await environment.startRoom("reborn");
    await environment.say(room, "first");
    await publishAll(prefix);
    await environment.say(room, "unpublished");
    await openTestPublisher(environment, suite.kafka, prefix).archive();
    const highest = await environment.scripts.seal(room);
    await environment.sql`select delete_room(id, ${highest}) from rooms where name = ${room}`;
    await emptyClosed(environment);
    await environment.addRoom(room);
    await beginEpoch(room, "reborn");
    const seq = await environment.say(room, "again");
    await publish(prefix);
    await until("it is visible", async () => (await eventsOf(prefix, room)).length === 2);
    expect(
      (await eventsOf(prefix, room)).map(({ headers }) => [headers.ce_sequence, headers.ce_previous]),
    ).toEqual([
      ["1", "0"],
      [String(seq), "1"],
    ]);
  });

  test("keeps a day past the retention until Kafka has it", async () => {
    const prefix = `${suite.prefix}-days`;
    const { sql, deps } = environment;
    const room = await environment.startRoom("days");
    const at = Date.now() - 40 * DAY_MS;
    await environment.sayAt(room, at, "forty days ago");
    await openTestPublisher(environment, suite.kafka, prefix).archive();
    const day = new Date(at).toISOString().slice(0, 10);
    const retention = () =>
      createRetention(Date.now, 30, deps.log, (db, each) =>
        createMirrorQueries(db, ["public"]).isNeeded(each),
      );
    const has = async (): Promise<boolean> =>
      (await sql`select from pg_class where relname = ${`messages_${day.replaceAll("-", "")}`}`).length === 1;
    const drop = async (): Promise<void> => {
      for (const run = retention(); await run(sql); );
    };
    await drop();
    expect(await has()).toBe(true);
    await publishAll(prefix);
    await drop();
    expect(await has()).toBe(false);
    expect(await eventsOf(prefix, room)).toHaveLength(1);
  });
});
