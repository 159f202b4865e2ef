import { expect, test, vi } from "vitest";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import { createTalkedRoom, E1, range, SMALL } from "./testing/join-fixture.ts";

test("a backlog that fits is sent at once, and later events are heard live", async () => {
  const fixture = createTalkedRoom(100);
  const line = fixture.line({ takes: true });
  await line.join(E1(40));
  expect(line.notified()).toEqual([{ joined: range(41, 100), head: 100, epoch: "e1", recovered: true }]);
  expect(line.listens()).toBe(true);
});

test("a slow line gets a long gap in parts, never holds more than it may, and listens when it has all", async () => {
  const fixture = createTalkedRoom(1_000);
  const line = fixture.line();
  await line.join(E1(0));
  expect(line.listens()).toBe(false);
  let max = 0;
  for (let parts = 1; !line.listens(); parts++) {
    expect(parts).toBeLessThan(20);
    max = Math.max(max, line.unsent());
    fixture.say();
    line.drain();
  }
  expect(max).toBeLessThanOrEqual(SMALL);
  const [first, ...rest] = line.notified();
  expect(first).toMatchObject({ recovered: true, epoch: "e1", head: first?.joined?.at(-1) });
  expect(rest.every((part) => part.events)).toBe(true);
  expect(line.seqs()).toEqual(range(1, fixture.head()));
  fixture.say();
  await vi.waitFor(() => expect(line.seqs()).toEqual(range(1, fixture.head())));
});

test("a line that takes everything needs no waiting for", async () => {
  const fixture = createTalkedRoom(1_000);
  const line = fixture.line({ takes: true });
  await line.join(E1(0));
  expect(line.seqs()).toEqual(range(1, 1_000));
  expect(line.listens()).toBe(true);
});

test("a part that still fills the line is not followed by another", async () => {
  const fixture = createTalkedRoom(1_000);
  const line = fixture.line();
  await line.join(E1(0));
  const before = line.notified().length;
  line.drain(SMALL / 2);
  expect(line.notified().length).toBe(before);
});

test("a fresh epoch that begins meanwhile is told by a joined of its own", async () => {
  const fixture = createTalkedRoom(1_000);
  const line = fixture.line();
  await line.join(E1(0));
  await fixture.renew("e2", 5_000);
  fixture.say();
  while (!line.listens()) line.drain();
  const joined = line.notified().filter((part) => part.joined);
  expect(joined.map(({ epoch, recovered }) => [epoch, recovered])).toContainEqual(["e2", true]);
  expect(joined.at(-1)).toMatchObject({ epoch: "e2", head: 5_001 });
  expect(line.seqs()).toEqual([...range(1, 1_000), 5_001]);
});

/** Drains the line until no more comes. */
const tellAll = async (line: ReturnType<ReturnType<typeof createTalkedRoom>["line"]>): Promise<void> => {
  for (let turns = 0; turns < 10_000 && !line.listens(); turns++) {
    line.drain();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(line.listens()).toBe(true);
};

test("events in Redis only are read in parts too, and those trimmed before their turn come from PostgreSQL", async () => {
  const fixture = createTalkedRoom(10_000, { inMemory: 50 });
  const line = fixture.line();
  await line.join(E1(0));
  const first = line.seqs();
  expect(first).toEqual(range(1, first.length));
  line.drain();
  await vi.waitFor(() => expect(line.seqs().length).toBeGreaterThan(first.length));
  expect(line.seqs()).toEqual(range(1, line.seqs().length));
  expect(line.listens()).toBe(false);
  fixture.trim(9_900);
  await tellAll(line);
  expect(line.seqs()).toEqual(range(1, 10_000));
  expect(line.notified().every(({ recovered = true }) => recovered)).toBe(true);
});

test("a client that was away for longer than the log reaches goes on from PostgreSQL", async () => {
  const fixture = createTalkedRoom(3_000, { inMemory: 50 });
  fixture.trim(2_900);
  const line = fixture.line();
  await line.join(E1(7));
  for (let n = 0; n < 20; n++) fixture.say();
  await tellAll(line);
  expect(line.notified()[0]).toMatchObject({ recovered: true, epoch: "e1" });
  expect(line.seqs()).toEqual(range(8, 3_020));
});

test("further back than PostgreSQL is asked for, and only there, a client starts over", async () => {
  const fixture = createTalkedRoom(3_000, { inMemory: 50, max: 1_000 });
  fixture.trim(2_900);
  const [near, far] = [fixture.line({ takes: true }), fixture.line({ takes: true })];
  await near.join(E1(1_900));
  await far.join(E1(1_899));
  await vi.waitFor(() => expect([near, far].every((line) => line.listens())).toBe(true));
  expect(near.seqs()).toEqual(range(1_901, 3_000));
  expect(far.notified()).toEqual([
    { recovered: false, epoch: "e1", head: 3_000, joined: range(2_951, 3_000) },
  ]);
});

test("a gap that PostgreSQL cannot fill any more is not passed over in silence", async () => {
  const fixture = createTalkedRoom(3_000, { inMemory: 50 });
  fixture.trim(2_000, { isGone: true });
  fixture.trim(2_900);
  const [last, gone] = [fixture.line({ takes: true }), fixture.line({ takes: true })];
  await last.join(E1(2_000));
  await gone.join(E1(1_999));
  await vi.waitFor(() => expect([last, gone].every((line) => line.listens())).toBe(true));
  expect(last.notified()[0]?.recovered).toBe(true);
  expect(last.seqs()).toEqual(range(2_001, 3_000));
  expect(gone.notified().map(({ recovered }) => recovered)).toEqual([false]);
});

test("PostgreSQL being away is no reason to start over: the client is to ask again", async () => {
  const fixture = createTalkedRoom(3_000, { inMemory: 50 });
  fixture.trim(2_900);
  const [line, slow] = [fixture.line({ takes: true }), fixture.line()];
  await slow.join(E1(0));
  fixture.losePostgres();
  await expect(line.join(E1(0))).rejects.toBeInstanceOf(Unavailable);
  expect(line.notified()).toEqual([]);
  slow.drain();
  await vi.waitFor(() => expect(slow.ended()).toBe(4003));
});

test("members of a room whose log was trimmed beyond their position get the rest, and then live events", async () => {
  const fixture = createTalkedRoom(100, { inMemory: 50 });
  const [line, slow] = [fixture.line({ takes: true }), fixture.line()];
  await line.join(E1(100));
  await slow.join(E1(0));
  for (let n = 0; n < 1_000; n++) fixture.mumble();
  fixture.trim(1_000);
  await fixture.rooms.resync();
  fixture.say();
  await tellAll(line);
  await tellAll(slow);
  fixture.say();
  await vi.waitFor(() => expect(line.seqs()).toEqual(range(101, 1_102)));
  await vi.waitFor(() => expect(slow.seqs()).toEqual(range(1, 1_102)));
});

test("the gap of a dead letter is announced by a joined, so that nobody waits for it", async () => {
  const fixture = createTalkedRoom(500, { inMemory: 50 });
  fixture.trim(400);
  fixture.said().splice(298, 3);
  const line = fixture.line();
  await line.join(E1(0));
  await tellAll(line);
  expect(line.seqs()).toEqual([...range(1, 298), ...range(302, 500)]);
});

test("Redis going away meanwhile ends the connection: the client comes back from where it is", async () => {
  const fixture = createTalkedRoom(10_000, { inMemory: 50 });
  const line = fixture.line();
  await line.join(E1(0));
  fixture.loseRedis();
  line.drain();
  await vi.waitFor(() => expect(line.ended()).toBe(4003));
});

test("a client that left, or is gone, gets no more of it", async () => {
  const fixture = createTalkedRoom(1_000);
  const [left, gone] = [fixture.line(), fixture.line()];
  for (const line of [left, gone]) await line.join(E1(0));
  left.leave();
  gone.close();
  for (const line of [left, gone]) {
    line.drain();
    expect(line.notified().length).toBe(1);
    expect(line.listens()).toBe(false);
  }
});

test("a client that was live and asks again from far behind hears nothing newer before its turn", async () => {
  const fixture = createTalkedRoom(1_000);
  const line = fixture.line();
  await line.join(E1(1_000));
  expect(line.listens()).toBe(true);
  await line.join(E1(0));
  expect(line.listens()).toBe(false);
  while (!line.listens()) line.drain();
  expect(line.seqs()).toEqual(range(1, 1_000));
});

test("a client that leaves during a read of Redis is not brought back; Redis is asked once at a time", async () => {
  const fixture = createTalkedRoom(10_000, { inMemory: 50 });
  const line = fixture.line();
  await line.join(E1(0));
  const before = fixture.reads();
  line.drain();
  line.drain();
  expect(fixture.reads()).toBe(before + 1);
  line.leave();
  await new Promise((resolve) => setImmediate(resolve));
  expect([line.notified().length, line.listens(), fixture.rooms.loaded("tea")?.members]).toEqual([
    1,
    false,
    0,
  ]);
});
