import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createRedisKeys } from "../shared/server/redis-keys.ts";
import type { Head } from "../shared/server/room-scripts.ts";
import { BEAT_MS, createPulse, type PulseDeps } from "./pulse.ts";
import { createRoomLog } from "./room-log.ts";

let pulse: { close: () => void } | undefined;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  pulse?.close();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** A gateway with one room, in epoch `a` up to seq 5. @param head what Redis says of the room. */
const beating = (head: () => Promise<(Head | null)[]>, busWhole = true) => {
  const log = createRoomLog(50, 1_000_000);
  log.reset({ epoch: "a", seq: 5, prevEpoch: "", prevUpTo: 0 }, [], 5);
  log.noteStored(4);
  const room = { name: "tea", members: 1, live: busWhole, log, heal: vi.fn(async () => undefined) };
  const shown: { head: number; stored: number; people: number }[] = [];
  const counted = { people: 0, connections: 0 };
  const distrusted = vi.fn();
  const deps: PulseDeps = {
    rooms: { all: () => [room], loaded: () => room, distrust: vi.fn(), heal: async () => undefined },
    presence: { tick: async () => undefined, count: () => counted },
    control: { distrust: distrusted, heal: async () => undefined, check: async () => undefined },
    bus: { whole: busWhole, watch: () => undefined, check: async () => undefined },
    records: { flush: async () => undefined },
    scripts: { heads: head },
    keys: createRedisKeys("test", 1),
    publish: (_: string, frame: string) => void shown.push(JSON.parse(frame)),
    onRedis: () => undefined,
  };
  pulse = createPulse(deps);
  return { shown, distrusted, counted };
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
  const { shown } = beating(async () => [fresh], false);
  await vi.advanceTimersByTimeAsync(BEAT_MS);
  expect(shown.map(({ stored }) => stored)).toEqual([4]);
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
