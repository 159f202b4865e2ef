/** Rooms on a gateway beside the log's own life: what is trimmed, let go or joined while Redis is being asked. */

import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { draftDeletion } from "../../shared/server/redis/event-draft.ts";
import { startRedis, type TestRedis } from "../../test/support/redis.ts";
import { openPeer, type Peer } from "../testing/peer.ts";

const LOG_EVENTS = 50;
let server: TestRedis;
let peer: Peer;

beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());
beforeEach(async () => {
  peer = await openPeer(server.url, { lastSeq: 0 }, LOG_EVENTS);
  await peer.redis.flushall();
});
afterEach(() => peer.close());

const say = async (room: string, most: number): Promise<void> => {
  await peer.append(room, "m1");
  for (let n = 2; n <= most; n += 500)
    await Promise.all(
      Array.from({ length: Math.min(500, most - n + 1) }, (_, i) => peer.append(room, `m${n + i}`)),
    );
};
const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

test("a log that is trimmed between two pages is never read as if nothing were missing", async () => {
  await say("tea", 2_500);
  const { readAfter } = peer.scripts;
  const pages = vi.spyOn(peer.scripts, "readAfter").mockImplementationOnce(async (...asked) => {
    const page = await readAfter(...asked);
    // The worker has written all of it by now.
    await peer.scripts.commit("tea", 2_500);
    return page;
  });
  const { state, entries } = await peer.logs.after("tea", 0);
  expect(pages.mock.calls.length).toBeGreaterThan(1);
  expect([state.floor, entries.map(({ seq }) => seq)]).toEqual([2_451, range(2_451, 2_500)]);
});

test("a full page in which something was deleted is not taken for the last one", async () => {
  await say("coffee", 2_500);
  const draft = draftDeletion({ room: "coffee", clientId: "d" }, "u1", 7);
  await peer.scripts.delete(draft, { target: 7, any: false, tombstone: "" });
  const loaded = await peer.rooms.acquire("coffee");
  const { epoch, seq } = loaded.log.position;
  const all = loaded.log.since({ epoch, seq: 0 });
  expect(seq).toBe(2_501);
  expect(all.from === "memory" && all.events.map((event) => event.seq)).toEqual(range(1, 2_501));
});

/** From now on the first read that a resync makes has read, but is not answered before `answer`. */
const holdRead = () => {
  const { readAfter } = peer.scripts;
  let answer = (): void => undefined;
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const read = vi.fn();
  vi.spyOn(peer.scripts, "readAfter").mockImplementationOnce(async (...asked) => {
    const page = await readAfter(...asked);
    read();
    await answered;
    return page;
  });
  return { read, answer: () => answer() };
};

test("a client that was told more than a resync under way has read does not start over", async () => {
  const loaded = await peer.rooms.acquire("milk");
  await say("milk", 2);
  await vi.waitFor(() => expect(loaded.log.position.seq).toBe(2));
  await peer.bus.unsubscribe(peer.keys.channel("milk"));
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

test("what was said between a resync under way and the return of the bus is not missed", async () => {
  const loaded = await peer.rooms.acquire("rice");
  await say("rice", 2);
  await vi.waitFor(() => expect(loaded.log.position.seq).toBe(2));
  await peer.bus.unsubscribe(peer.keys.channel("rice"));
  const { read, answer } = holdRead();
  void loaded.resync();
  await vi.waitFor(() => expect(read).toHaveBeenCalled());
  await say("rice", 5);
  // The bus is whole from here on.
  const whole = peer.rooms.resync();
  answer();
  await whole;
  expect(loaded.log.position.seq).toBe(5);
});
