import { afterAll, beforeAll, expect, it } from "vitest";
import { openRoomLogStore } from "../shared/server/redis/room-log-store.ts";
import { archiveRest, archiveWhenDue } from "./archive.ts";
import { trimLong } from "./long-logs.ts";
import { findPending, findRestored, readBatch } from "./pending.ts";
import { openTestEnvironment, type TestEnvironment } from "./testing/test-environment.ts";
import { writeBatch } from "./write-batch.ts";

let environment: TestEnvironment;
beforeAll(async () => {
  environment = await openTestEnvironment();
});
afterAll(() => environment.close());

const archive = () => archiveRest(environment.deps, 20_000);

const room = (name: string): Promise<string> => environment.startRoom(name);

it("a message becomes a row of its own day's partition with the time of day", async () => {
  const lobby = await room("times");
  await environment.say(lobby, "안녕 👋🏽");
  const json = JSON.parse(
    (await environment.scripts.readAfter(lobby, 0, 1))?.entries[0]?.bytes.toString() ?? "",
  );
  await archive();

  const day = new Date(json.at).toISOString().slice(0, 10);
  const [row] = await environment.sql`
    select m.*, day::text as day, to_char(time, 'HH24:MI:SS.MS') as time, m.tableoid::regclass::text as partition
    from messages m join rooms on id = room_id where name = ${lobby}`;
  expect(row).toMatchObject({
    partition: `messages_${day.replaceAll("-", "")}`,
    day,
    time: new Date(json.at).toISOString().slice(11, 23),
    kind: "message",
    user_id: json.user.id,
    nickname: json.user.nickname,
    client_id: json.clientId,
    text: "안녕 👋🏽",
    deleted: false,
    data: null,
  });
});

it("the last moment of a day and the first of the next lie in two partitions", async () => {
  const midnight = Date.UTC(2026, 0, 2);
  await room("midnight");
  await environment.sayAt("midnight", midnight - 1, "before");
  await environment.sayAt("midnight", midnight, "after");
  await archive();
  const rows = await environment.sql`
    select text, tableoid::regclass::text as partition, to_char(time, 'HH24:MI:SS.MS') as time
    from messages where text in ('before', 'after') order by seq`;
  expect([...rows]).toEqual([
    { text: "before", partition: "messages_20260101", time: "23:59:59.999" },
    { text: "after", partition: "messages_20260102", time: "00:00:00.000" },
  ]);
});

it("archived events are announced as stored and archived no second time", async () => {
  await room("twice");
  for (const text of ["a", "b", "c"]) await environment.say("twice", text);
  await archive();
  expect(await environment.stored("twice")).toBe(3);
  await archive();
  await environment.say("twice", "d");
  await archive();
  expect(await environment.texts("twice")).toEqual(["a", "b", "c", "d"]);
  expect(await environment.stored("twice")).toBe(4);
  const [lastSeq] = await environment.sql`select last_seq from rooms where name = 'twice'`;
  expect(lastSeq?.last_seq).toBe("4");
});

const unread = (room: string, error: unknown): void => {
  throw new Error(`${room} cannot be read`, { cause: error });
};

it("a worker that dies between PostgreSQL and Redis doubles and loses nothing", async () => {
  await room("dies");
  await environment.say("dies", "a");
  const batch = await readBatch(
    environment.scripts,
    await findPending(environment.scripts, environment.deps.shards),
    unread,
  );
  await writeBatch(environment.sql, batch, async () => new Set());
  expect(await environment.stored("dies")).toBe(0);

  await environment.say("dies", "b");
  await archive();
  expect(await environment.texts("dies")).toEqual(["a", "b"]);
  expect(await environment.stored("dies")).toBe(2);
  expect(await environment.deadLetters("dies")).toHaveLength(0);
});

it("a batch that was read before Redis was emptied and restored is not written after it", async () => {
  await room("overtaken");
  await environment.say("overtaken", "a");
  const batch = await readBatch(
    environment.scripts,
    await findPending(environment.scripts, environment.deps.shards),
    unread,
  );
  const { keys, redis, scripts } = environment;
  await redis.del(keys.room("overtaken"), keys.log("overtaken"), keys.dirty(keys.shardOf("overtaken")));
  const empty = { base: 0, postgresSeq: 0, prevEpoch: "", prevUpTo: 0, entries: [] };
  await scripts.restore("overtaken", { ...empty, epoch: "fresh" });

  const written = await writeBatch(environment.sql, batch, (epochs) => findRestored(scripts, epochs));
  expect([...written.restored]).toContain("overtaken");
  expect(await environment.texts("overtaken")).toEqual([]);
  const [lastSeq] = await environment.sql`select last_seq from rooms where name = 'overtaken'`;
  expect(lastSeq?.last_seq).toBe("0");
});

it("two workers racing over the same rooms write each event once", async () => {
  const rooms = await Promise.all(["race-1", "race-2", "race-3"].map(room));
  const texts = Array.from({ length: 200 }, (_, index) => `${index}`);
  for (const text of texts) await Promise.all(rooms.map((name) => environment.say(name, text)));
  await Promise.all([archive(), archive(), archive()]);
  for (const name of rooms) {
    expect(await environment.texts(name)).toEqual(texts);
    expect(await environment.stored(name)).toBe(200);
    expect(await environment.deadLetters(name)).toHaveLength(0);
  }
});

it("a commit that comes late never lowers stored", async () => {
  await room("late");
  for (const text of ["a", "b"]) await environment.say("late", text);
  await archive();
  await environment.scripts.commit("late", 1);
  expect(await environment.stored("late")).toBe(2);
});

it("5,000 events in one go are all written once, and Redis keeps the newest 500", async () => {
  await room("flood");
  const texts = Array.from({ length: 5_000 }, (_, index) => `${index}`);
  for (let from = 0; from < texts.length; from += 500)
    await Promise.all(texts.slice(from, from + 500).map((text) => environment.say("flood", text)));
  await archive();
  const written = await environment.texts("flood");
  expect(new Set(written)).toEqual(new Set(texts));
  expect(written).toHaveLength(5_000);
  expect(await environment.redis.xlen(environment.keys.log("flood"))).toBe(500);
});

it("49 young events wait, the fiftieth is written with them", async () => {
  await room("fifty");
  for (let index = 1; index < 50; index++) await environment.say("fifty", `${index}`);
  await archiveWhenDue(environment.deps);
  expect(await environment.texts("fifty")).toHaveLength(0);
  await environment.say("fifty", "50");
  await archiveWhenDue(environment.deps);
  expect(await environment.texts("fifty")).toHaveLength(50);
});

it("a single event is written once it is ten seconds old by Redis' clock", async () => {
  await room("old");
  await environment.say("old", "alone");
  const inMs = (ms: number) => ({ ...environment.deps, now: async () => Date.now() + ms });
  await archiveWhenDue(inMs(9_000));
  expect(await environment.texts("old")).toHaveLength(0);
  await archiveWhenDue(inMs(10_001));
  expect(await environment.texts("old")).toEqual(["alone"]);
});

it("kinds that this worker does not know become rows with everything they carry", async () => {
  await room("kinds");
  await environment.put("kinds", (seq) =>
    JSON.stringify({
      type: "notice",
      room: "kinds",
      seq,
      at: Date.now(),
      code: "renamed",
      from: "a",
      to: "b",
    }),
  );
  await environment.put("kinds", (seq) =>
    JSON.stringify({ type: "poll", room: "kinds", seq, at: Date.now(), votes: [1] }),
  );
  await archive();
  const rows =
    await environment.sql`select messages.kind, data from messages join rooms on id = room_id where name = 'kinds' order by seq`;
  expect([...rows]).toEqual([
    { kind: "notice", data: { code: "renamed", from: "a", to: "b" } },
    { kind: "poll", data: { votes: [1] } },
  ]);
});

it("a deletion blanks its target, and one deleted before it became a row becomes the row of a tombstone", async () => {
  await room("deletes");
  const spoken = await environment.say("deletes", "spoken");
  await archive();
  const unspoken = await environment.say("deletes", "unspoken");
  for (const target of [spoken, unspoken]) await environment.remove("deletes", target);
  await archive();
  const rows = await environment.sql`
    select seq::int, messages.kind, deleted, text, client_id as "clientId"
    from messages join rooms on id = room_id where name = 'deletes' order by seq`;
  expect([...rows]).toEqual([
    { seq: 1, kind: "message", deleted: true, text: null, clientId: "c-spoken" },
    { seq: 2, kind: "message", deleted: true, text: null, clientId: "c-unspoken" },
    { seq: 3, kind: "deleted", deleted: false, text: null, clientId: "d-1" },
    { seq: 4, kind: "deleted", deleted: false, text: null, clientId: "d-2" },
  ]);
});

it("a message that was taken back stays marked as that, whether it was a row before or not", async () => {
  await room("regrets");
  const spoken = await environment.say("regrets", "spoken");
  await archive();
  const unspoken = await environment.say("regrets", "unspoken");
  for (const target of [spoken, unspoken]) await environment.remove("regrets", target, 10_000);
  await environment.say("regrets", "left");
  await archive();
  const rows = await environment.sql<{ row: string }[]>`
    select messages.kind || ' ' || coalesce(text, 'no text') || ' ' || coalesce(data ->> 'takenBack', 'no') as row
    from messages join rooms on id = room_id where name = 'regrets' order by seq`;
  expect(rows.map(({ row }) => row)).toEqual([
    ...["message no text true", "message no text true", "deleted no text true", "deleted no text true"],
    "message left no",
  ]);
});

/** Makes a room look as after a restart of Redis. */
const restarted = async (name: string, run: string): Promise<void> => {
  await environment.redis.hset(environment.keys.room(name), "run", run);
  await environment.openRoom(name);
};
const NOTHING = { rooms: [], events: 0, since: undefined };

it("a room in which nobody spoke between two restarts of Redis is not waited for", async () => {
  await room("quiet");
  await environment.say("quiet", "written before");
  await archive();
  for (const run of ["second", "third"]) await restarted("quiet", run);
  expect(await findPending(environment.scripts, environment.deps.shards)).toEqual(NOTHING);
  await environment.say("quiet", "written after");
  for (const run of ["fourth", "fifth"]) await restarted("quiet", run);
  await archive();
  expect(await environment.texts("quiet")).toEqual(["written before", "written after"]);
  expect(await findPending(environment.scripts, environment.deps.shards)).toEqual(NOTHING);
});

it("events that PostgreSQL turns out to have are off the list of a Redis that forgot it", async () => {
  await room("forgetful");
  await environment.say("forgetful", "kept");
  const { keys, redis, scripts } = environment;
  await redis.hset(keys.room("forgetful"), "run", "another");
  const before = { base: 1_000_002, prevEpoch: "e1", prevUpTo: 2 };
  await scripts.restore("forgetful", { ...before, epoch: "e2", postgresSeq: 2, entries: [] });
  expect(await findPending(scripts, environment.deps.shards)).toEqual(NOTHING);
});

it("a room whose log cannot be read keeps no other room from being written", async () => {
  for (const name of ["readable", "poisoned", "wrong-type"]) {
    await room(name);
    await environment.say(name, "a");
  }
  const { keys, redis } = environment;
  await redis.xadd(keys.log("poisoned"), "2-0", "odd", "fields");
  await redis.set(keys.room("wrong-type"), "of another type");
  await archive();
  expect(await environment.texts("readable")).toEqual(["a"]);
  expect(await environment.deps.metrics.internalErrors.get()).toMatchObject({
    values: [{ labels: { where: "room" }, value: expect.any(Number) }],
  });
  await redis.del(keys.room("wrong-type"), keys.log("poisoned"), keys.room("poisoned"));
});

it("trimming a log that was busy changes neither its waiting time, nor other logs", async () => {
  const names = ["one", "two", "three"];
  const dirty = (name: string) => environment.keys.dirty(environment.keys.shardOf(name));
  for (const name of names) {
    await room(name);
    for (let n = 1; n <= 4; n++) await environment.say(name, `${name} ${n}`);
    await environment.redis.hset(dirty(name), name, "1000");
    await environment.redis.hset(environment.keys.long(environment.keys.shardOf(name)), name, "1");
  }
  await environment.redis.set(environment.keys.log("two"), "no log");
  const logs = openRoomLogStore(environment.redis, environment.keys, { events: 1, ms: 0, bytes: 1 << 20 });
  await trimLong({ ...environment.deps, logs });
  for (const name of ["one", "three"]) {
    expect(await logs.listOversized(environment.keys.shardOf(name))).not.toContain(name);
    expect(await environment.redis.hmget(dirty(name), name, `n:${name}`)).toEqual(["1000", "4"]);
  }
  await environment.redis.del(environment.keys.log("two"));
  await archive();
});
