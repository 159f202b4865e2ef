/** A room in a gateway's memory that is closed elsewhere without notice, on a real Redis. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { startRedis, type TestRedis } from "../../test/support/redis.ts";
import { type Archive, openTestNode, type TestNode } from "../testing/test-node.ts";

let server: TestRedis;
let node: TestNode;
let archive: Archive;
let room = "";
let count = 0;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());
beforeEach(async () => {
  room = `room-${++count}`;
  archive = { lastSeq: 0 };
  node = await openTestNode(server.url, archive);
});
afterEach(() => node.close());

const enter = async () => {
  const loaded = await node.rooms.acquire(room);
  node.rooms.enter(loaded);
  return loaded;
};

test.each([
  ["archived", "room_archived"],
  ["deleted", "no_such_room"],
])(
  "a room that was %s while the bus was silent is found out by its log, and members hear so",
  async (how, code) => {
    const loaded = await enter();
    await node.append(room, "m1");
    await node.scripts.seal(room);
    if (how === "archived") archive.archived = true;
    else archive.lastSeq = undefined;
    await loaded.resync();
    expect(node.closed).toEqual([[room, code]]);
    await expect(node.append(room, "m2")).rejects.toMatchObject({ code });
  },
);

test("a room that was sealed and not closed after all goes on, and nobody notices", async () => {
  const loaded = await enter();
  await node.append(room, "m1");
  await node.scripts.seal(room);
  await loaded.resync();
  await node.append(room, "m2");
  await vi.waitFor(() => expect(node.seen()).toEqual(["m1", "m2"]));
  expect(node.closed).toEqual([]);
});

test("a room that is dropped hears nothing more, though others talk in it", async () => {
  await enter();
  await node.append(room, "m1");
  await vi.waitFor(() => expect(node.seen()).toEqual(["m1"]));
  node.rooms.drop(room);
  expect(node.rooms.loaded(room)).toBeUndefined();
  await node.append(room, "m2");
  await node.rooms.acquire(room);
  expect(node.seen()).toEqual(["m1"]);
});

test("a gateway's memory of a deleted room is not sent to members of the next one of its name", async () => {
  await enter();
  for (const id of ["m1", "m2", "m3"]) await node.append(room, id);
  await vi.waitFor(() => expect(node.seen()).toHaveLength(3));
  await node.redis.flushall();
  archive.lastSeq = 1_000_003;
  archive.bornSeq = 1_000_003;
  await node.restore(room);
  const read = await node.scripts.readNewest(room, 10);
  expect([read?.entries, read?.state.prevEpoch]).toEqual([[], ""]);
  expect(await node.append(room, "m1")).toBeGreaterThan(1_000_003);
});

test("the log and the client ids of a deleted room do not show in the next one of its name", async () => {
  for (const id of ["m1", "m2"]) await node.append(room, id);
  await node.scripts.seal(room);
  archive.lastSeq = 1_000_002;
  archive.bornSeq = 1_000_002;
  await node.restore(room);
  expect((await node.scripts.readNewest(room, 10))?.entries).toEqual([]);
  const again = await node.append(room, "m1");
  expect(again).toBeGreaterThan(1_000_002);
  expect(await node.append(room, "m1")).toBe(again);
  expect(await node.scripts.drop(room, 2)).toBe(true);
  expect((await node.scripts.readNewest(room, 10))?.entries).toHaveLength(1);
});
