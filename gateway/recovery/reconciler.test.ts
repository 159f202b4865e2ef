import { expect, test, vi } from "vitest";
import { createRedisKeys } from "../../shared/server/redis/keys.ts";
import type { Head } from "../../shared/server/redis/room-state.ts";
import { createEventBuffer } from "../room-log/event-buffer.ts";
import { createReconciler, type ReconcilerDeps } from "./reconciler.ts";

const HEALTHY = { healthy: true, check: async () => undefined };
const ON_TIME = 0;

/** A gateway with one room, in epoch `a` up to seq 5. @param head the room's position in Redis. */
function reconciling(
  head: () => Promise<(Head | undefined)[]>,
  bus: Omit<ReconcilerDeps["bus"], "watch"> = HEALTHY,
) {
  const log = createEventBuffer({ events: 100, ms: 0, bytes: 1_000 });
  log.reset({ epoch: "a", seq: 5, prevEpoch: "", prevUpTo: 0 }, [], 5);
  log.noteStored(4);
  const room = { name: "tea", members: 1, live: bus.healthy, log, resync: vi.fn(async () => undefined) };
  const control = { markStale: vi.fn(), resync: vi.fn(async () => undefined) };
  const rooms = {
    all: () => [room],
    loaded: () => room,
    markStale: vi.fn(),
    resync: vi.fn(async () => undefined),
  };
  const busReports: boolean[] = [];
  const errors: unknown[] = [];
  const reconciler = createReconciler({
    ...{ rooms, control, scripts: { heads: head }, keys: createRedisKeys("test", 1) },
    bus: Object.assign(bus, { watch: () => undefined }),
    onBus: (healthy) => void busReports.push(healthy),
    onGathered: () => undefined,
    onInternalError: (error, _, about) => `id-${errors.push([error, about])}`,
  });
  return { reconciler, room, rooms, control, busReports, errors };
}

test("an event loop that stood still trusts nothing it remembers: first the control log is resynced, then the rooms", async () => {
  const { reconciler, rooms, control } = reconciling(() => new Promise(() => undefined));
  void reconciler.compareAll();
  reconciler.check(900);
  expect(control.markStale).not.toHaveBeenCalled();
  reconciler.check(3_000);
  expect(control.markStale).toHaveBeenCalled();
  expect(rooms.markStale).toHaveBeenCalled();
  expect(rooms.resync).not.toHaveBeenCalled();
  await vi.waitFor(() => expect(rooms.resync).toHaveBeenCalled());
});

test("a fault amid a resync of everything is reported, and thrown at nobody", async () => {
  const { reconciler, control, errors } = reconciling(async () => [undefined]);
  control.resync.mockRejectedValue(new TypeError("ours"));
  reconciler.check(3_000);
  await vi.waitFor(() => expect(errors).toEqual([[new TypeError("ours"), { task: "resync" }]]));
});

test("the stored seq of another epoch is not noted by a room that is still in the one before", async () => {
  const fresh = {
    current: true,
    away: false,
    reacting: false,
    epoch: "b",
    seq: 1_000_010,
    stored: 1_000_010,
  };
  const { reconciler, room } = reconciling(async () => [fresh], { ...HEALTHY, healthy: false });
  await reconciler.compareAll();
  expect(room.log.stored).toBe(4);
  expect(room.resync).toHaveBeenCalled();
});

test("a gap that the bus does not fill is found by the second comparison, because an event may be on its way at the first", async () => {
  const ahead = { current: true, away: false, reacting: false, epoch: "a", seq: 6, stored: 5 };
  const silent = { healthy: true, check: () => new Promise<void>(() => undefined) };
  const { reconciler, room } = reconciling(async () => [ahead], silent);
  reconciler.check(ON_TIME);
  await reconciler.compareAll();
  expect(room.log.stored).toBe(5);
  expect(reconciler.headSeqOf("tea")).toBe(6);
  expect(room.resync).not.toHaveBeenCalled();
  reconciler.check(ON_TIME);
  await reconciler.compareAll();
  expect(room.resync).toHaveBeenCalled();
});

test("a bus that is still broken at the second look is reported; one that comes back at once is not", () => {
  const bus = { ...HEALTHY, healthy: false };
  const { reconciler, busReports } = reconciling(async () => [undefined], bus);
  reconciler.check(ON_TIME);
  bus.healthy = true;
  reconciler.check(ON_TIME);
  bus.healthy = false;
  reconciler.check(ON_TIME);
  reconciler.check(ON_TIME);
  bus.healthy = true;
  reconciler.check(ON_TIME);
  expect(busReports).toEqual([true, true, true, false, true]);
});

test("the bus is asked at every check while there are rooms, and now and then without", async () => {
  const check = vi.fn(async () => undefined);
  const { reconciler, rooms } = reconciling(async () => [undefined], { healthy: true, check });
  for (let round = 0; round < 4; round++) reconciler.check(ON_TIME);
  expect(check).toHaveBeenCalledTimes(4);
  rooms.all = () => [];
  for (let round = 0; round < 8; round++) reconciler.check(ON_TIME);
  expect(check).toHaveBeenCalledTimes(6);
});

test("an idle room that left Redis comes back for its members, and for nobody else", async () => {
  const idle = { current: false, away: true, reacting: false, epoch: "a", seq: 5, stored: 5 };
  const { reconciler, room } = reconciling(async () => [idle], HEALTHY);
  room.members = 0;
  await reconciler.compareAll();
  expect(room.resync).not.toHaveBeenCalled();
  room.members = 1;
  await reconciler.compareAll();
  expect(room.resync).toHaveBeenCalled();
});
