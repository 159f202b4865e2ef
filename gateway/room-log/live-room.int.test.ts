import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { startRelay } from "../../load-tests/support/relay.ts";
import { startRedis, type TestRedis } from "../../test/support/redis.ts";
import { openTestNode, type TestNode } from "../testing/test-node.ts";

let server: TestRedis;
let nodes: TestNode[] = [];
let room = "";
let count = 0;

beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());
beforeEach(() => {
  room = `room-${++count}`;
});
afterEach(() => {
  for (const node of nodes) node.close();
  nodes = [];
});

const open = async (
  archive: Parameters<typeof openTestNode>[1] = { lastSeq: 0 },
  logEvents?: number,
): Promise<TestNode> => {
  const node = await openTestNode(server.url, archive, logEvents);
  nodes.push(node);
  return node;
};
const member = async (node: TestNode) => {
  const loaded = await node.rooms.acquire(room);
  node.rooms.enter(loaded);
  return loaded;
};
const ids = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `m${from + i}`);
const say = async (node: TestNode, from: number, to: number): Promise<void> => {
  for (const id of ids(from, to)) await node.append(room, id);
};

test("two gateways tell their members the same events in the same order", async () => {
  const [a, b] = [await open(), await open()];
  await Promise.all([member(a), member(b)]);
  await Promise.all([say(a, 1, 50), say(b, 51, 100)]);
  await vi.waitFor(() => expect([a.seen().length, b.seen().length]).toEqual([100, 100]));
  expect(a.seen()).toEqual(b.seen());
  expect([...a.seen()].sort()).toEqual(ids(1, 100).sort());
});

test("the same client id from two gateways at once is one event with one seq", async () => {
  const [a, b] = [await open(), await open()];
  await member(a);
  const seqs = await Promise.all([a.append(room, "m1"), b.append(room, "m1"), a.append(room, "m1")]);
  expect(new Set(seqs).size).toBe(1);
  await vi.waitFor(() => expect(a.seen()).toEqual(["m1"]));
});

test("events published while the bus was cut come before anything newer, once and in order", async () => {
  const [a, b] = [await open(), await open()];
  await member(a);
  await say(b, 1, 3);
  await vi.waitFor(() => expect(a.seen()).toEqual(ids(1, 3)));
  await b.redis.call("CLIENT", "KILL", "TYPE", "pubsub");
  await say(b, 4, 40);
  await vi.waitFor(() => expect(a.seen().length).toBe(40));
  await say(b, 41, 45);
  await vi.waitFor(() => expect(a.seen()).toEqual(ids(1, 45)));
});

test("a bus whose line swallows everything is found out and replaced, and nothing is missed", async () => {
  const relay = await startRelay(server.port);
  const a = await openTestNode(server.url, { lastSeq: 0 }, 500, `redis://127.0.0.1:${relay.port}`);
  nodes.push(a);
  const b = await open();
  await member(a);
  await say(b, 1, 3);
  await vi.waitFor(() => expect(a.seen().length).toBe(3));
  relay.blackHole();
  await say(b, 4, 6);
  await a.bus.check();
  await vi.waitFor(() => expect(a.seen()).toEqual(ids(1, 6)), { timeout: 2_000 });
  await say(b, 7, 8);
  await vi.waitFor(() => expect(a.seen()).toEqual(ids(1, 8)));
  await relay.close();
});

test("a client that was told more elsewhere than this gateway has heard goes on without a gap", async () => {
  const [a, b] = [await open(), await open()];
  const loaded = await member(a);
  await say(b, 1, 2);
  await vi.waitFor(() => expect(a.seen().length).toBe(2));
  const { epoch } = loaded.log.position;
  await a.bus.unsubscribe(a.keys.channel(room));
  await say(b, 3, 5);
  expect(loaded.log.since({ epoch, seq: 4 }).from).toBe("ahead");
  await loaded.catchUp();
  const resumed = loaded.log.since({ epoch, seq: 4 });
  expect(resumed.from === "memory" && resumed.events.map(({ seq }) => seq)).toEqual([5]);
});

test("a gap in the events of the bus is filled from the log", async () => {
  const [a, b] = [await open(), await open()];
  const loaded = await member(a);
  await say(b, 1, 2);
  await vi.waitFor(() => expect(a.seen().length).toBe(2));
  const read = await b.scripts.readAfter(room, 0, 10);
  const epoch = read?.state.epoch ?? "";
  // The channel is silent for this gateway during two events, and brings the third, whose predecessors it missed.
  await a.bus.unsubscribe(a.keys.channel(room));
  await say(b, 3, 5);
  const fifth = (await b.scripts.readAfter(room, 4, 1))?.entries[0]?.bytes.toString() ?? "";
  loaded.onBus(Buffer.from(`${epoch} 5 ${fifth}`));
  await vi.waitFor(() => expect(a.seen()).toEqual(ids(1, 5)));
});

test("Redis restarted from its file goes on in a fresh epoch, and readers go on without a gap", async () => {
  const [a, b] = [await open(), await open()];
  await Promise.all([member(a), member(b)]);
  await say(a, 1, 5);
  const before = (await a.scripts.readAfter(room, 0, 10))?.state;
  await server.restart();
  await vi.waitFor(() => a.redis.ping());
  await vi.waitFor(() => a.append(room, "m6"));
  await say(a, 7, 9);
  const after = (await a.scripts.readAfter(room, 0, 100))?.state;
  expect(after?.epoch).not.toBe(before?.epoch);
  expect(after?.seq).toBeGreaterThan((before?.seq ?? 0) + 1_000);
  await vi.waitFor(() => expect([a.seen(), b.seen()]).toEqual([ids(1, 9), ids(1, 9)]));
  const notified = [...a.frames, ...b.frames].filter((frame) => frame.type === "joined");
  expect(notified.map(({ recovered, epoch }) => [recovered, epoch])).toEqual([
    [true, after?.epoch],
    [true, after?.epoch],
  ]);
});

test("an emptied Redis is filled again from a gateway's memory; no seq and no client id is given twice", async () => {
  const archive = { lastSeq: 0 };
  const a = await open(archive);
  const loaded = await member(a);
  await say(a, 1, 5);
  archive.lastSeq = 2;
  const { epoch } = loaded.log.position;
  await vi.waitFor(() => expect(a.seen().length).toBe(5));
  await a.redis.flushall();
  expect(await a.append(room, "m3")).toBe(3);
  expect(await a.append(room, "m6")).toBeGreaterThan(1_000_000);
  await vi.waitFor(() => expect(a.seen()).toEqual(ids(1, 6)));
  // A client that was disconnected in the meantime resumes without a gap.
  const resumed = loaded.log.since({ epoch, seq: 4 });
  expect(resumed.from === "memory" && resumed.events.length).toBe(2);
  const read = await a.scripts.readAfter(room, 0, 100);
  expect([read?.entries.length, read?.state.stored]).toEqual([6, 2]);
});

test("an emptied Redis that no gateway remembers knows from PostgreSQL which client ids have a seq", async () => {
  const row = { seq: 7, at: Date.now(), kind: "message", userId: "u1", nickname: "n", clientId: "m7" };
  const a = await open({ lastSeq: 7, rows: [{ ...row, text: "m7", deleted: false, data: null }] });
  expect(await a.append(room, "m7")).toBe(7);
  expect(await a.append(room, "m8")).toBe(2_000_008);
});

test("client ids are known again beyond the newest events that go back into the log", async () => {
  // The newest are of long ago, as an import appends them.
  const row = (seq: number) => ({
    ...{ seq, at: 1_000 + seq, kind: "message", userId: "u1", nickname: "n", clientId: `m${seq}` },
    ...{ text: `m${seq}`, deleted: false, data: null },
  });
  const sent = [6, 7, 8].map((seq) => ({ userId: "u1", clientId: `m${seq}`, seq }));
  const a = await open({ lastSeq: 8, rows: [row(8), row(7)], sent }, 2);
  expect(await a.append(room, "m6")).toBe(6);
});

test("an emptied Redis that no gateway remembers shows the newest of PostgreSQL again", async () => {
  const row = (seq: number) => ({
    ...{ seq, at: 1_000 + seq, kind: "message", userId: "u1", nickname: "n", clientId: `m${seq}` },
    ...{ text: `m${seq}`, deleted: false, data: null },
  });
  const a = await open({ lastSeq: 7, rows: [row(7), row(6), row(5)] });
  const loaded = await member(a);
  expect(loaded.log.newest(50).events.map(({ seq }) => seq)).toEqual([5, 6, 7]);
  await say(a, 8, 8);
  await vi.waitFor(() => expect(a.seen()).toEqual(["m8"]));
  expect((await a.logs.before(room, 8, 10)).entries.map(({ seq }) => seq)).toEqual([5, 6, 7]);
  expect((await a.scripts.readAfter(room, 0, 10))?.state).toMatchObject({ stored: 7, floor: 5 });
});

test("when some events are lost everywhere, members start over and see no patched gap", async () => {
  const [a, b] = [await open(), await open()];
  const loaded = await member(a);
  await say(a, 1, 5);
  await vi.waitFor(() => expect(a.seen().length).toBe(5));
  const { epoch } = loaded.log.position;
  loaded.markStale();
  await b.redis.flushall();
  // The gateway that recovers has no memory of the room; the one that has it comes too late.
  await b.append(room, "m6");
  await loaded.resync();
  const notified = a.frames.at(-1);
  expect([notified?.type, notified?.recovered, notified?.events?.map((e) => e.clientId)]).toEqual([
    "joined",
    false,
    ["m6"],
  ]);
  expect(loaded.log.since({ epoch, seq: 5 }).from).toBe("ahead");
});

test("members of a room in which nobody spoke yet lack nothing when Redis is emptied, and are not sent to read it", async () => {
  const a = await open({ lastSeq: 0 });
  const loaded = await member(a);
  const { epoch } = loaded.log.position;
  for (let times = 1; times <= 2; times++) {
    await a.redis.flushall();
    await loaded.resync();
    expect(a.frames.at(-1)).toMatchObject({ type: "joined", recovered: true, events: [] });
  }
  expect(loaded.log.position.epoch).not.toBe(epoch);
  expect(await a.append(room, "m1")).toBeGreaterThan(1_000_000);
  await vi.waitFor(() => expect(a.seen()).toEqual(["m1"]));
});

test("a room that PostgreSQL does not know is not made by sending to it", async () => {
  const a = await open({ lastSeq: undefined });
  await expect(a.rooms.acquire(room)).rejects.toThrow("no_such_room");
  await expect(a.append(room, "m1")).rejects.toThrow("no_such_room");
  expect(await a.redis.exists(a.keys.room(room))).toBe(0);
});

test("the log keeps its newest and everything above `stored`, and a stored room is off the worker's list", async () => {
  const a = await open({ lastSeq: 0 }, 50);
  await say(a, 1, 120);
  const length = () => a.redis.xlen(a.keys.log(room));
  const listed = async () =>
    (await a.scripts.listPending(a.keys.shardOf(room))).find((mark) => mark.room === room)?.count;
  expect([await length(), await listed()]).toEqual([120, 120]);
  await a.scripts.commit(room, 30);
  expect([await length(), await listed()]).toEqual([90, 90]);
  await a.scripts.commit(room, 20);
  expect([await length(), await listed()]).toEqual([90, 90]);
  await a.scripts.commit(room, 120);
  expect([await length(), await listed()]).toEqual([50, undefined]);
  const late = await a.scripts.readAfter(room, 0, 500);
  expect([late?.state.floor, late?.state.stored]).toEqual([71, 120]);
});

describe("a log that cannot be read", () => {
  test.each<[string, (node: TestNode) => Promise<unknown>]>([
    [
      "an entry without the fields of one",
      ({ redis, keys }) => redis.xadd(keys.log(room), "2-0", "odd", "fields"),
    ],
    ["an entry that is no event", ({ redis, keys }) => redis.xadd(keys.log(room), "2-0", "e", "null")],
    [
      "a deletion that is no JSON",
      async ({ redis, keys, rooms }) => {
        const epoch = rooms.loaded(room)?.log.position.epoch ?? "";
        await redis.xadd(keys.log(room), "2-0", epoch, '{"type":"deleted","target":nothing}');
      },
    ],
    ["a log of another type", ({ redis, keys }) => redis.set(keys.log(room), "text")],
    ["a room of another type", ({ redis, keys }) => redis.set(keys.room(room), "text")],
  ])("%s sets that room aside, and the others live", async (_, poison) => {
    const node = await open();
    const sound = room;
    await member(node);
    room = `${sound}-poisoned`;
    const poisoned = await member(node);
    await node.append(room, "m1");
    await vi.waitFor(() => expect(node.seen()).toEqual(["m1"]));
    await poison(node);
    await poisoned.resyncFresh();
    expect(node.unreadable.length).toBeGreaterThan(0);
    expect(node.rooms.loaded(room)).toBeUndefined();
    await expect(node.rooms.acquire(room)).rejects.toMatchObject({ code: "unavailable" });
    expect(node.rooms.setAside).toBe(1);

    await node.append(sound, "m2");
    await vi.waitFor(() => expect(node.seen()).toContain("m2"));
  });

  test("a message of the bus that is no event does so too", async () => {
    const node = await open();
    await member(node);
    await node.redis.spublish(node.keys.channel(room), "e 1 null");
    await vi.waitFor(() => expect(node.unreadable).toHaveLength(1));
    expect(node.rooms.loaded(room)).toBeUndefined();
  });

  test("once it can be read again the room opens as if nothing had been", async () => {
    const node = await open();
    await node.append(room, "m1");
    await node.redis.rename(node.keys.log(room), "kept");
    await node.redis.set(node.keys.log(room), "text");
    await expect(node.rooms.acquire(room)).rejects.toMatchObject({ code: "unavailable" });
    await node.redis.rename("kept", node.keys.log(room));
    const opened = await vi.waitFor(() => node.rooms.acquire(room), { timeout: 10_000 });
    expect(opened.log.position.seq).toBe(1);
    expect(node.rooms.setAside).toBe(0);
  });
});
