/** Rooms on a gateway during changes of the log: trimmed, unloaded or joined while Redis is being read. */

import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { draftDeletion } from "../../shared/server/redis/event-draft.ts";
import { startRedis, type TestRedis } from "../../test/support/redis.ts";
import { openTestNode, type TestNode } from "../testing/test-node.ts";

const LOG_EVENTS = 50;
let server: TestRedis;
let node: TestNode;

beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());
beforeEach(async () => {
  node = await openTestNode(server.url, { lastSeq: 0 }, LOG_EVENTS);
  await node.redis.flushall();
});
afterEach(() => node.close());

const say = async (room: string, max: number): Promise<void> => {
  await node.append(room, "m1");
  for (let n = 2; n <= max; n += 500)
    await Promise.all(
      Array.from({ length: Math.min(500, max - n + 1) }, (_, i) => node.append(room, `m${n + i}`)),
    );
};
const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

test("a log that is trimmed between two pages is never read as if nothing were missing", async () => {
  await say("tea", 2_500);
  const { readAfter } = node.scripts;
  const pages = vi.spyOn(node.scripts, "readAfter").mockImplementationOnce(async (...asked) => {
    const page = await readAfter(...asked);
    // The worker has stored all of it.
    await node.scripts.commit("tea", 2_500);
    return page;
  });
  const { state, entries } = await node.logs.after("tea", 0);
  expect(pages.mock.calls.length).toBeGreaterThan(1);
  expect([state.floor, entries.map(({ seq }) => seq)]).toEqual([2_451, range(2_451, 2_500)]);
});

test("a full page in which something was deleted is not taken for the last one", async () => {
  await say("coffee", 2_500);
  const draft = draftDeletion({ room: "coffee", clientId: "d" }, "u1", 7);
  await node.scripts.delete(draft, { target: 7, any: false, tombstone: "" });
  const loaded = await node.rooms.acquire("coffee");
  const { epoch, seq } = loaded.log.position;
  const all = loaded.log.since({ epoch, seq: 0 });
  expect(seq).toBe(2_501);
  expect(all.from === "memory" && all.events.map((event) => event.seq)).toEqual(range(1, 2_501));
});

/** From now on the first read of a resync is done, but its result is held back until `answer`. */
const holdRead = () => {
  const { readAfter } = node.scripts;
  let answer = (): void => undefined;
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const read = vi.fn();
  vi.spyOn(node.scripts, "readAfter").mockImplementationOnce(async (...asked) => {
    const page = await readAfter(...asked);
    read();
    await answered;
    return page;
  });
  return { read, answer: () => answer() };
};

test("a client that was told more than a resync under way has read does not start over", async () => {
  const loaded = await node.rooms.acquire("milk");
  await say("milk", 2);
  await vi.waitFor(() => expect(loaded.log.position.seq).toBe(2));
  await node.bus.unsubscribe(node.keys.channel("milk"));
  const { read, answer } = holdRead();
  void loaded.resync();
  await vi.waitFor(() => expect(read).toHaveBeenCalled());
  await say("milk", 5);
  const { epoch } = loaded.log.position;
  const caughtUp = loaded.catchUp();
  answer();
  await caughtUp;
  expect(loaded.log.since({ epoch, seq: 4 }).from).toBe("memory");
});

test("messages between a running resync and the return of the bus are not missed", async () => {
  const loaded = await node.rooms.acquire("rice");
  await say("rice", 2);
  await vi.waitFor(() => expect(loaded.log.position.seq).toBe(2));
  await node.bus.unsubscribe(node.keys.channel("rice"));
  const { read, answer } = holdRead();
  void loaded.resync();
  await vi.waitFor(() => expect(read).toHaveBeenCalled());
  await say("rice", 5);
  // From now on the bus is healthy.
  const whole = node.rooms.resync();
  answer();
  await whole;
  expect(loaded.log.position.seq).toBe(5);
});
