import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createRedisKeys } from "../shared/server/redis/keys.ts";
import type { Head } from "../shared/server/redis/room-log-store.ts";
import { BEAT_MS } from "../shared/timeouts.ts";
import { createPulse, type PulseDeps } from "./heartbeat.ts";
import { createRoomLog } from "./room-log/event-buffer.ts";

let pulse: { close: () => void } | undefined;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  pulse?.close();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const WHOLE = { whole: true, check: async () => undefined };

/** A gateway with one room, in epoch `a` up to seq 5. @param head what Redis says of the room. */
const beating = (head: () => Promise<(Head | null)[]>, bus: Omit<PulseDeps["bus"], "watch"> = WHOLE) => {
  const log = createRoomLog({ events: 100, ms: 0, bytes: 1_000 });
  log.reset({ epoch: "a", seq: 5, prevEpoch: "", prevUpTo: 0 }, [], 5);
  log.noteStored(4);
  const room = { name: "tea", members: 1, live: bus.whole, log, heal: vi.fn(async () => undefined) };
  const shown: { head: number; stored: number; people: number }[] = [];
  const counted = { people: 0, connections: 0 };
  const distrusted = vi.fn();
  const busTold: boolean[] = [];
  const faults: unknown[] = [];
  const deps: PulseDeps = {
    onInternalError: (error) => `id-${faults.push(error)}`,
    rooms: { all: () => [room], loaded: () => room, distrust: vi.fn(), heal: async () => undefined },
    presence: { tick: async () => undefined, count: () => counted },
    control: { distrust: distrusted, heal: async () => undefined, check: async () => undefined },
    bus: Object.assign(bus, { watch: () => undefined }),
    records: { flush: async () => undefined },
    scripts: { heads: head },
    keys: createRedisKeys("test", 1),
    publish: (_: string, frame: string) => void shown.push(JSON.parse(frame)),
    onRedis: () => undefined,
    onBus: (whole) => void busTold.push(whole),
  };
  pulse = createPulse(deps);
  return { shown, distrusted, room, busTold, counted };
};

test("an event loop that was away in the middle of a beat trusts nothing it remembers either", async () => {
  const { distrusted } = beating(() => new Promise(() => undefined));
  await vi.advanceTimersByTimeAsync(BEAT_MS);
  // The process stands still for three seconds: its timers come late, all of them as one.
  const wake = performance.now() + 3_000;
  vi.spyOn(performance, "now").mockReturnValue(wake);
  await vi.advanceTimersByTimeAsync(BEAT_MS);
  expect(distrusted).toHaveBeenCalled();
});

test("what PostgreSQL has of another epoch is not told to those who are still in the one before", async () => {
  const fresh = { current: true, epoch: "b", seq: 1_000_010, stored: 1_000_010 };
  const { shown } = beating(async () => [fresh], { ...WHOLE, whole: false });
  await vi.advanceTimersByTimeAsync(BEAT_MS);
  expect(shown.map(({ stored }) => stored)).toEqual([4]);
});

test("a bus that gives no sign of life does not keep a room from being compared: its hole is found in two beats", async () => {
  const ahead = { current: true, epoch: "a", seq: 6, stored: 4 };
  const { room } = beating(async () => [ahead], { whole: true, check: () => new Promise(() => undefined) });
  await vi.advanceTimersByTimeAsync(BEAT_MS);
  expect(room.heal).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(BEAT_MS);
  expect(room.heal).toHaveBeenCalled();
});

test("a bus that is still broken a beat later is told; one that comes back at once is not", async () => {
  const bus = { ...WHOLE, whole: false };
  const { busTold } = beating(async () => [null], bus);
  await vi.advanceTimersByTimeAsync(BEAT_MS);
  bus.whole = true;
  await vi.advanceTimersByTimeAsync(BEAT_MS);
  bus.whole = false;
  await vi.advanceTimersByTimeAsync(2 * BEAT_MS);
  bus.whole = true;
  await vi.advanceTimersByTimeAsync(BEAT_MS);
  expect(busTold).toEqual([true, true, true, false, true]);
});

test("people who are gone are told at the next beat, all else once a second", async () => {
  const { shown, counted } = beating(async () => [{ current: true, epoch: "a", seq: 5, stored: 4 }]);
  const people = (): number[] => shown.map((frame) => frame.people);
  counted.people = 3;
  await vi.advanceTimersByTimeAsync(BEAT_MS);
  expect(people()).toEqual([3]);
  counted.people = 2;
  await vi.advanceTimersByTimeAsync(BEAT_MS);
  expect(people()).toEqual([3, 2]);
  counted.people = 4;
  await vi.advanceTimersByTimeAsync(BEAT_MS);
  expect(people()).toEqual([3, 2]);
  await vi.advanceTimersByTimeAsync(BEAT_MS);
  expect(people()).toEqual([3, 2, 4]);
});
