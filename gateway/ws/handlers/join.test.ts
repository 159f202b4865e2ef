import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { RoomLogStore } from "../../../shared/server/redis/room-log-store.ts";
import type { ServerFrame } from "../../../shared/server-frames.ts";
import type { Refusal } from "../../errors.ts";
import type { Presence } from "../../presence/presence.ts";
import { fakeSocket } from "../testing/fake-socket.ts";
import { createJoinFixture, createJoining } from "../testing/join-fixture.ts";
import { EMPTY_ROOM, roomsOver } from "../testing/logged-room.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** One gateway whose Redis answers a resync when the test lets it. */
const gateway = (count?: Presence["count"]) => {
  const resyncs: (() => void)[] = [];
  const scripts: Pick<RoomLogStore, "readNewest" | "readAfter" | "readBefore"> = {
    readBefore: async () => ({ state: EMPTY_ROOM, entries: [] }),
    readNewest: async () => ({ state: EMPTY_ROOM, entries: [] }),
    readAfter: () =>
      new Promise((resolve) => resyncs.push(() => resolve({ state: EMPTY_ROOM, entries: [] }))),
  };
  const { rooms, backlog } = roomsOver(scripts);
  const joining = createJoining({ rooms, backlog }, 1 << 20, count && { count });
  return { rooms, resyncs, ...joining };
};
test("a room that was let go while Redis was asked for a join is not entered: the client is to come again", async () => {
  const { rooms, resyncs, join, leave } = gateway();
  const [first, second] = [fakeSocket(), fakeSocket()];
  await join(first, { type: "join", room: "tea" });
  leave(first, { type: "leave", room: "tea" });
  await vi.advanceTimersByTimeAsync(29_800);
  const notified = { epoch: "another", seq: 7 };
  const joining = Promise.resolve(join(second, { type: "join", room: "tea", since: notified }));
  const refused = expect(joining).rejects.toMatchObject({ code: "unavailable" });
  await vi.advanceTimersByTimeAsync(300);
  for (const resync of resyncs) resync();
  await refused;
  expect(second.getUserData().connection.rooms).toEqual([]);
  await join(second, { type: "join", room: "tea" });
  expect(rooms.loaded("tea")?.members).toBe(1);
});

test("answers to a socket's joins are bounded in bytes a second; beyond that it waits, and is told how long", async () => {
  const fixture = createJoinFixture(4 << 20, { perSecond: 1 << 20 });
  fixture.log(3_000);
  const line = fixture.line({ takes: true });
  const from = { epoch: "e1", seq: 0 };
  const bytes = () => line.events().length * 250;
  await line.join(from);
  await line.join(from);
  expect(bytes()).toBeGreaterThan(1 << 20);
  for (let asked = 0; asked < 80; asked++)
    await expect(line.join(from)).rejects.toMatchObject({ code: "too_fast" });
  const { details: wait }: Refusal = await line.join(from).catch((error) => error);
  expect(wait.retryAfterMs).toBeLessThan(1_000);
  await vi.advanceTimersByTimeAsync(wait.retryAfterMs ?? 0);
  await line.join(from);
  expect(bytes()).toBeLessThan(3 << 20);
});

test("a long resume goes on at that pace by itself", async () => {
  const fixture = createJoinFixture(1 << 20, { perSecond: 1 << 20 });
  fixture.log(20_000);
  const line = fixture.line({ takes: true });
  await line.join({ epoch: "e1", seq: 0 });
  const early = line.events().length;
  expect(early * 250).toBeLessThan(2 << 20);
  await vi.advanceTimersByTimeAsync(1_000);
  expect((line.events().length - early) * 250).toBeLessThan(2 << 20);
  await vi.advanceTimersByTimeAsync(4_000);
  expect([line.listens(), line.events().length]).toEqual([true, 20_000]);
});

test("a newcomer is told at once how many are here, right behind the answer", async () => {
  const count = { people: 3, connections: 4 };
  const { join } = gateway(() => count);
  const notified: ServerFrame[] = [];
  const line = fakeSocket((frame) => notified.push(frame));
  await join(line, { type: "join", room: "tea" });
  expect(notified.map(({ type }) => type)).toEqual(["joined", "presence"]);
  expect(notified[1]).toEqual({ type: "presence", room: "tea", ...count, head: 0, stored: 0 });
});
