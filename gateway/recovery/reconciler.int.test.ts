/** The reconciler with a real bus between the rooms and Redis, over a line that stays broken. */
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type Relay, startRelay } from "../../load-tests/support/relay.ts";
import { startRedis, type TestRedis } from "../../test/support/redis.ts";
import { startHeartbeat } from "../heartbeat.ts";
import { openTestNode, type TestNode } from "../testing/test-node.ts";
import { createReconciler } from "./reconciler.ts";

const SOON = { timeout: 2_000, interval: 20 };
/** A connection that is cut while it opens is given up, and another one is tried. */
const REOPENED = { timeout: 8_000, interval: 20 };
let server: TestRedis;
let relay: Relay;
let here: TestNode;
let elsewhere: TestNode;
let heartbeat: { close: () => void };
const onBus = vi.fn();

beforeAll(async () => {
  server = await startRedis();
  relay = await startRelay(server.port);
  here = await openTestNode(server.url, { lastSeq: 0 }, 500, `redis://127.0.0.1:${relay.port}`);
  elsewhere = await openTestNode(server.url, { lastSeq: 0 });
  const { rooms, bus, scripts, keys } = here;
  const onInternalError = () => "id";
  const reconciler = createReconciler({
    ...{ rooms, bus, scripts, keys, onBus, onInternalError },
    onGathered: () => undefined,
    control: { markStale: () => undefined, resync: async () => undefined },
  });
  heartbeat = startHeartbeat({
    before: reconciler.check,
    tasks: new Map([["compare", reconciler.compareAll]]),
    ...{ after: () => undefined, onAnswers: () => undefined, onInternalError },
  });
});
afterEach(() => relay.mend());
afterAll(async () => {
  heartbeat.close();
  here.close();
  elsewhere.close();
  await relay.close();
  await server.stop();
});

const ids = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `m${from + i}`);
const say = async (from: number, to: number): Promise<void> => {
  for (const id of ids(from, to)) await elsewhere.append("tea", id);
};
const seen = (to: number, patience = SOON) =>
  vi.waitFor(() => expect(here.seen()).toEqual(ids(1, to)), patience);

test("a room whose bus does not come back is read from its log, beat by beat, and lacks nothing when the bus is back", async () => {
  here.rooms.enter(await here.rooms.acquire("tea"));
  await say(1, 3);
  await seen(3);
  relay.cut();
  await vi.waitFor(() => expect(here.bus.healthy).toBe(false));
  await say(4, 6);
  await seen(6);
  await vi.waitFor(() => expect(onBus).toHaveBeenLastCalledWith(false), SOON);
  await say(7, 9);
  await seen(9);
  expect(here.bus.healthy).toBe(false);

  relay.mend();
  let last = 9;
  await vi.waitFor(async () => {
    last += 1;
    await say(last, last);
    expect(here.bus.healthy).toBe(true);
  }, REOPENED);
  await say(last + 1, last + 5);
  await seen(last + 5);
  await vi.waitFor(() => expect(onBus).toHaveBeenLastCalledWith(true), SOON);
}, 20_000);
