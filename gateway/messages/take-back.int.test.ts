/** Taking a message back on a real Redis: in time and unread, nothing of it is shown; otherwise it is deleted as ever. */
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { startRedis, type TestRedis } from "../../test/support/redis.ts";
import { openTestNode, type TestNode } from "../testing/test-node.ts";
import { createDeletions } from "./delete.ts";

let server: TestRedis;
let nodes: TestNode[] = [];
let rooms = 0;

beforeAll(async () => {
  server = await startRedis({});
});
afterEach(() => {
  for (const node of nodes) node.close();
  nodes = [];
});
afterAll(() => server.stop());

/** A gateway that has heard reads for `sinceMs`, and of `readers` who have read everything. */
async function gateway({ sinceMs = 60_000, readers = 0 } = {}) {
  const node = await openTestNode(server.url, { lastSeq: 0 });
  nodes.push(node);
  const deletions = createDeletions({
    users: { find: async (id) => ({ user: { id, nickname: "n", role: "user" }, restricted: undefined }) },
    log: { delete: async (...args) => (await node.scripts.delete(...args)) ?? "absent" },
    queries: { find: async () => undefined },
    moderates: ({ id }) => id === "moderator",
    sightings: { sinceMs: () => sinceMs, countOf: () => readers },
  });
  const room = `room-${++rooms}`;
  const target = await node.append(room, "c1");
  const takeBack = (userId = "u1", clientId = "d1") =>
    deletions.delete({ userId, room, clientId, seq: target, takeBack: true });
  const entries = async () => {
    const read = await node.scripts.readAfter(room, 0, 100);
    return (read?.entries ?? []).map(({ bytes }) => JSON.parse(bytes.toString()) as Record<string, unknown>);
  };
  return { node, room, target, takeBack, entries };
}
/** Whether the tombstone and the deletion say that the message was taken back. */
const marksIn = (entries: Record<string, unknown>[]) => entries.map(({ takenBack }) => takenBack === true);

test("a message that was just sent and that nobody has read is taken back: its tombstone and its deletion say so", async () => {
  const { room, target, takeBack, entries } = await gateway();
  expect(await takeBack()).toEqual({ seq: target + 1 });
  const [tombstone, deletion] = await entries();
  expect(tombstone).toMatchObject({ type: "message", seq: target, deleted: true, takenBack: true });
  expect(tombstone).not.toHaveProperty("text");
  expect(deletion).toMatchObject({
    type: "deleted",
    room,
    target,
    by: "u1",
    clientId: "d1",
    takenBack: true,
  });
  // Again, by the same frame or another one.
  expect(await takeBack()).toEqual({ seq: target + 1 });
  expect(await takeBack("u1", "d2")).toEqual({ seq: target + 1 });
});

test.each([
  ["somebody has read it", { readers: 2 }, { seq: 2, seenBy: 2 }],
  ["the gateway has not heard of reads for as long as the message is there", { sinceMs: 0 }, { seq: 2 }],
])("a message is deleted with a mark when %s", async (_, state, answer) => {
  const { takeBack, entries } = await gateway(state);
  const began = Date.now();
  await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(began + 1));
  expect(await takeBack()).toEqual(answer);
  expect(marksIn(await entries())).toEqual([false, false]);
});

test("a message older than ten seconds by the clock of the cluster is deleted with a mark", async () => {
  const { node, room, takeBack, entries } = await gateway();
  const [entry] = await node.redis.xrange(node.keys.log(room), "-", "+");
  const [id = "", [epoch = "", json = ""] = []] = entry ?? [];
  const { at, ...event } = JSON.parse(json) as { at: number };
  const older = json.replace(`"at":${at}`, `"at":${at - 10_001}`);
  await node.redis.xdel(node.keys.log(room), id);
  await node.redis.del(node.keys.log(room));
  await node.redis.xadd(node.keys.log(room), id, epoch, older);
  expect(event).toHaveProperty("text");
  expect(await takeBack()).toEqual({ seq: 2 });
  expect(marksIn(await entries())).toEqual([false, false]);
});

test("nobody takes back what somebody else said, a moderator neither", async () => {
  const { takeBack, entries } = await gateway();
  await expect(takeBack("u2")).rejects.toMatchObject({ code: "forbidden" });
  expect(await takeBack("moderator")).toEqual({ seq: 2 });
  expect(marksIn(await entries())).toEqual([false, false]);
});

test("after Redis lost everything the message is still taken back", async () => {
  const { node, room, takeBack, entries } = await gateway();
  await node.rooms.acquire(room);
  await takeBack();
  await vi.waitFor(() => expect(node.frames.some(({ type }) => type === "deleted")).toBe(true));
  await node.redis.flushall();
  await node.restore(room);
  expect(marksIn(await entries())).toEqual([true, true]);
});
