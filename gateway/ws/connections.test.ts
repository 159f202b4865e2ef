import { afterEach, expect, test } from "vitest";
import { newConnection, type Socket } from "./connection.ts";
import { createSockets } from "./connections.ts";

const clock = { now: 1_000_000 };
const sockets = createSockets(() => clock.now);
afterEach(() => {
  for (const socket of sockets.all()) sockets.remove(socket);
  sockets.close();
});

/** A socket that records the frames written to it and how it ends. */
function open(
  user: string | undefined,
  { session = "s", endsAt = Number.POSITIVE_INFINITY, rooms = [] as string[] } = {},
) {
  const seen: string[] = [];
  const connection = newConnection("c", "192.0.2.1", "test");
  Object.assign(connection, {
    openedAt: clock.now,
    authenticated: true,
    session,
    tokenEndsAt: endsAt,
    rooms,
  });
  connection.user =
    user === undefined ? undefined : { id: user, nickname: `${user} the first`, role: "user" };
  const socket = {
    getUserData: () => ({ connection }),
    send: (frame: string) => void seen.push(frame),
    end: (code: number) => void seen.push(`closed ${code}`),
  } as unknown as Socket;
  sockets.add(socket);
  return { seen, connection };
}

test("a socket whose access token ends is closed with 4401, unless the token was renewed", () => {
  const [ending, renewed, guest] = [
    open("u1", { endsAt: clock.now + 5_000 }),
    open("u1", { endsAt: clock.now + 5_000 }),
    open(undefined, { endsAt: 0 }),
  ];
  renewed.connection.tokenEndsAt += 900_000;
  clock.now += 4_999;
  sockets.sweep();
  expect(ending.seen).toEqual([]);
  clock.now += 1;
  sockets.sweep();
  expect([ending.seen, renewed.seen, guest.seen]).toEqual([["closed 4401"], [], []]);
});

test("a socket that never said hello is closed with 4408", () => {
  const silent = open(undefined);
  silent.connection.authenticated = false;
  clock.now += 5_000;
  sockets.sweep();
  expect(silent.seen).toEqual(["closed 4408"]);
});

test("a ban closes the user's sockets and nobody else's, and nothing is written to them after", () => {
  const [one, two, other, guest] = [open("u1"), open("u1"), open("u2"), open(undefined)];
  sockets.ban("u1", { reason: "rude", until: 5 });
  sockets.restrict("u1", "late", 5, () => 0);
  const shutOut = [JSON.stringify({ type: "banned", reason: "rude", until: 5 }), "closed 4403"];
  expect([one.seen, two.seen, other.seen, guest.seen]).toEqual([shutOut, shutOut, [], []]);
});

test("of a mute and raid mode the one that lasts longer is told, and the other one when that is over", () => {
  const { seen } = open("u1");
  const at = clock.now;
  const heard = (): unknown[] =>
    seen.splice(0).map((frame) => {
      const { reason, until } = JSON.parse(frame);
      return [reason, until && until - at];
    });
  const [none, raid] = [() => 0, () => 60_000];
  sockets.raidChanged(none, raid);
  sockets.restrict("u1", "rude", at + 30_000, raid);
  expect(heard()).toEqual([
    ["too_new", 60_000],
    ["too_new", 60_000],
  ]);
  sockets.raidChanged(raid, none);
  expect(heard()).toEqual([["rude", 30_000]]);
  sockets.raidChanged(none, raid);
  sockets.restrict("u1", "rude", at + 90_000, raid);
  sockets.restrict("u1", "rude", undefined, raid);
  sockets.raidChanged(raid, none);
  expect(heard()).toEqual([
    ["too_new", 60_000],
    ["rude", 90_000],
    ["too_new", 60_000],
    ["too_new", null],
  ]);
});

test("a session that ends closes its sockets and leaves the user's other ones", () => {
  const [ended, other] = [open("u1", { session: "s1" }), open("u1", { session: "s2" })];
  sockets.endSessions(["s1"]);
  expect([ended.seen, other.seen]).toEqual([["closed 4401"], []]);
});

test("where somebody is: the rooms of all their open sockets, by the name they have now", () => {
  open("u1", { rooms: ["lobby", "tea"] });
  open("u1", { rooms: ["lobby", "milk"] });
  open("u1", { rooms: ["gone"] }).connection.open = false;
  open("u2", { rooms: ["other"] });
  sockets.change({ id: "u1", nickname: "anew", role: "user" });
  expect(sockets.roomsOf("u1")).toEqual({ nickname: "anew", rooms: new Set(["lobby", "tea", "milk"]) });
  expect(sockets.roomsOf("u3")).toBeUndefined();
});
