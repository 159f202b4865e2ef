import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { RoomScripts } from "../../shared/server/room-scripts.ts";
import { newConnection, type Socket } from "./connection.ts";
import { createJoinRoom } from "./join-room.ts";
import { roomsOver } from "./testing/logged-room.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const STATE = {
  current: true,
  epoch: "e1",
  seq: 0,
  stored: 0,
  floor: 1,
  prevEpoch: "",
  prevUpTo: 0,
  expired: 0,
};

/** One gateway; its Redis answers a heal when the test lets it. */
const gateway = () => {
  const heals: (() => void)[] = [];
  const scripts: Pick<RoomScripts, "readNewest" | "readAfter"> = {
    readNewest: async () => ({ state: STATE, entries: [] }),
    readAfter: () => new Promise((resolve) => heals.push(() => resolve({ state: STATE, entries: [] }))),
  };
  const rooms = roomsOver(scripts);
  const presence = { enter: () => undefined, leave: () => undefined } as never;
  return { rooms, heals, ...createJoinRoom(rooms, presence, 1 << 20, () => "id") };
};
const socket = (): Socket => {
  const connection = { ...newConnection("c", "::1", ""), greeted: true };
  return {
    getUserData: () => connection,
    subscribe: () => true,
    unsubscribe: () => true,
    send: () => 1,
    getBufferedAmount: () => 0,
  } as never;
};

test("a room that was let go while Redis was asked for a join is not entered: the client is to come again", async () => {
  const { rooms, heals, join, leave } = gateway();
  const [first, second] = [socket(), socket()];
  await join(first, { type: "join", room: "tea" });
  leave(first, { type: "leave", room: "tea" });
  await vi.advanceTimersByTimeAsync(29_800);
  const told = { epoch: "another", seq: 7 };
  const joining = Promise.resolve(join(second, { type: "join", room: "tea", since: told }));
  const refused = expect(joining).rejects.toMatchObject({ code: "unavailable" });
  await vi.advanceTimersByTimeAsync(300);
  for (const heal of heals) heal();
  await refused;
  expect(second.getUserData().rooms).toEqual([]);
  await join(second, { type: "join", room: "tea" });
  expect(rooms.loaded("tea")?.members).toBe(1);
});
