import { expect, test, vi } from "vitest";
import { Refusal } from "../../errors.ts";
import { fakeSocket } from "../testing/fake-socket.ts";
import { createFollowRooms } from "./follow.ts";

const open = (on = true) => {
  let time = 0;
  let followed: readonly string[] = [];
  const following = {
    follow: vi.fn(async (_: unknown, rooms: readonly string[]) => {
      followed = rooms;
    }),
    follows: (_: unknown, room: string) => followed.includes(room),
    read: vi.fn(() => true),
    readAll: vi.fn(),
    close: vi.fn(),
  };
  const rooms = createFollowRooms({ following, headOf: () => 9, start: () => undefined, on }, () => time);
  const wait = (ms: number): void => {
    time += ms;
  };
  return { following, rooms, wait };
};
const names = (from: number, count = 100): string[] =>
  Array.from({ length: count }, (_, n) => `r${from + n}`);
const refusalOf = async (act: Promise<void>): Promise<unknown> =>
  act.then(
    () => "none",
    (error: unknown) => error instanceof Refusal && [error.code, error.details.retryAfterMs],
  );

test("a socket that follows other rooms each time is refused after three hundred, and again let in by and by", async () => {
  const { rooms, following, wait } = open();
  const socket = fakeSocket();
  for (const from of [0, 100, 200]) await rooms.follow(socket, { type: "follow", rooms: names(from) });
  expect(await refusalOf(rooms.follow(socket, { type: "follow", rooms: names(300, 40) }))).toEqual([
    ...["too_fast", 2_000],
  ]);
  expect(await refusalOf(rooms.follow(socket, { type: "follow", rooms: names(200) }))).toBe("none");
  wait(2_000);
  expect(await refusalOf(rooms.follow(socket, { type: "follow", rooms: names(300, 40) }))).toBe("none");
  expect(following.follow).toHaveBeenCalledTimes(5);
});

test("without limits any number may be followed", async () => {
  const { rooms } = open(false);
  const socket = fakeSocket();
  for (let from = 0; from < 2_000; from += 100)
    expect(await refusalOf(rooms.follow(socket, { type: "follow", rooms: names(from) }))).toBe("none");
});

test("a read names the newest event of a room only if the socket is in it", () => {
  const { rooms, following } = open();
  const socket = fakeSocket();
  rooms.read(socket, { type: "read", room: "tea", seq: 3 });
  socket.getUserData().connection.rooms = ["tea"];
  rooms.read(socket, { type: "read", room: "tea", seq: 4 });
  expect(following.read.mock.calls.map((call) => call.slice(1))).toEqual([
    ["tea", 3, undefined],
    ["tea", 4, 9],
  ]);
  rooms.close(socket);
  rooms.close(socket);
  expect(following.close).toHaveBeenCalledTimes(1);
});
