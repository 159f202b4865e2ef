import { expect, test } from "vitest";
import type { ServerFrame } from "../../shared/server-frames.ts";
import { createFakeClock } from "./clock.fake.ts";
import { LOST, openConnection } from "./connection.ts";
import { createFakeTransports, fakeWelcome } from "./transport.fake.ts";

function setUp({ isVisible = true } = {}) {
  const clock = createFakeClock();
  const { openTransport, last } = createFakeTransports();
  const received: (ServerFrame | string)[] = [];
  const ends: number[] = [];
  const connection = openConnection(
    { openTransport, clock, isVisible: () => isVisible },
    { type: "hello", v: 1 },
    {
      welcome: (welcome) => received.push(welcome.connection),
      frames: (frames) => received.push(...frames),
      ended: (code) => ends.push(code),
    },
  );
  const far = last();
  far.opens();
  return { clock, far, received, ends, connection };
}

function welcomed(options?: { isVisible: boolean }) {
  const it = setUp(options);
  it.far.tells(fakeWelcome("c1"));
  return it;
}

test("says hello as soon as the transport is open, and nothing else before its welcome", () => {
  const { far, connection } = setUp();
  connection.probe();
  expect(far.said).toEqual([{ type: "hello", v: 1 }]);
});

test("without a welcome in 8 s it ends", () => {
  const { clock, far, ends } = setUp();
  clock.advance(7_999);
  expect(ends).toEqual([]);
  clock.advance(1);
  expect(ends).toEqual([LOST]);
  expect(far.isClosed).toBe(true);
});

test("takes several frames of one message in order, the welcome among them", () => {
  const { far, received } = setUp();
  far.tells(fakeWelcome("c1"), { type: "pong", id: "a" }, { type: "pong", id: "b" });
  expect(received).toEqual(["c1", { type: "pong", id: "a" }, { type: "pong", id: "b" }]);
});

test("a second welcome is the answer to `auth`, not a new connection", () => {
  const { far, received } = welcomed();
  far.tells(fakeWelcome("c1"));
  expect(received).toEqual(["c1", fakeWelcome("c1")]);
});

test.each(["<html>", "7", "[1]", '{"no":"type"}'])("does not trust a server that says %s", (text) => {
  const { far, ends } = welcomed();
  far.speaks(text);
  expect(ends).toEqual([LOST]);
});

test("pings every 2 s while it is looked at", () => {
  const { clock, far } = welcomed();
  for (let i = 0; i < 3; i++) {
    clock.advance(2_000);
    far.tells({ type: "pong", id: clock.now() });
  }
  expect(far.said.filter(({ type }) => type === "ping")).toHaveLength(4);
});

test("hidden, it gives up after 12 s of silence and no earlier", () => {
  const { clock, ends } = welcomed({ isVisible: false });
  clock.advance(11_999);
  expect(ends).toEqual([]);
  clock.advance(1);
  expect(ends).toEqual([LOST]);
});

test("any frame counts as a sign of life", () => {
  const { clock, far, ends } = welcomed({ isVisible: false });
  for (let i = 0; i < 5; i++) {
    clock.advance(6_000);
    far.tells({ type: "pong", id: "x" });
  }
  expect(ends).toEqual([]);
});

test("looked at, it knows after three pings without an answer", () => {
  const { clock, ends } = welcomed();
  clock.advance(6_000);
  expect(ends).toEqual([LOST]);
});

test("after the machine slept it asks before it judges", () => {
  const { clock, far, ends } = welcomed();
  clock.sleep(3_600_000);
  clock.advance(0);
  expect(ends).toEqual([]);
  far.tells({ type: "pong", id: "x" });
  clock.advance(4_000);
  expect(ends).toEqual([]);
});

test("a question that nobody answers ends it in 3 s", () => {
  const { clock, connection, ends } = welcomed({ isVisible: false });
  connection.probe();
  clock.advance(2_999);
  expect(ends).toEqual([]);
  clock.advance(1);
  expect(ends).toEqual([LOST]);
});

test("closed by us, it is quiet from then on", () => {
  const { clock, far, connection, ends, received } = welcomed();
  connection.close();
  far.tells({ type: "pong", id: "late" });
  far.ends(1000);
  clock.advance(60_000);
  expect({ ends, received }).toEqual({ ends: [], received: ["c1"] });
});

test("a banned user is told so in place of a welcome", () => {
  const { far, received, ends } = setUp();
  const banned = { type: "banned", reason: "rude", until: 5 } as const;
  far.tells(banned);
  expect([received, ends]).toEqual([[banned], []]);
});
