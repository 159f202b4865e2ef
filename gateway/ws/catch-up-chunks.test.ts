import { expect, test, vi } from "vitest";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import { createTalkedRoom, E1, range } from "./testing/join-fixture.ts";

test("a client that comes from a gateway further ahead gets nothing twice while this one catches up", async () => {
  const fixture = createTalkedRoom(5);
  const line = fixture.line({ takes: true });
  await line.join(E1(5));
  for (let n = 0; n < 3; n++) fixture.mumble();
  await line.join(E1(8));
  expect(line.notified().slice(1)).toEqual([{ joined: [], head: 8, epoch: "e1", recovered: true }]);
  fixture.say();
  await vi.waitFor(() => expect(line.seqs()).toEqual([9]));
});

test("nor does it get a fresh epoch twice, once unasked and from below its position", async () => {
  const fixture = createTalkedRoom(5);
  const line = fixture.line({ takes: true });
  await line.join(E1(5));
  for (let n = 0; n < 3; n++) fixture.mumble();
  const joining = line.join(E1(8));
  await fixture.renew("e2", 1_000_008);
  await joining;
  expect(line.notified().slice(1)).toEqual([{ joined: [], head: 1_000_008, epoch: "e2", recovered: true }]);
});

test.each([
  ["with a position", E1(5)],
  ["without one", undefined],
])(
  "a gateway that knows that its bus missed something asks Redis before it answers a join %s",
  async (_, since) => {
    const fixture = createTalkedRoom(5);
    await fixture.line({ takes: true }).join(E1(5));
    fixture.rooms.markStale();
    fixture.mumble();
    const line = fixture.line({ takes: true });
    await line.join(since);
    expect(line.notified()).toHaveLength(1);
    expect(line.notified()[0]).toMatchObject({ head: 6 });
    fixture.say();
    await vi.waitFor(() => expect(line.seqs().at(-1)).toBe(7));
  },
);

/** A read that blocks until the test releases it; other reads do not wait. */
const held = () => {
  const [begun, end] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let before = Number.POSITIVE_INFINITY;
  return {
    pause: async (): Promise<void> => {
      if (before-- > 0) return;
      before = Number.POSITIVE_INFINITY;
      begun.resolve();
      await end.promise;
    },
    /** @param others reads that pass before the blocked one. */
    arm(others = 0): void {
      before = others;
    },
    begun: begun.promise,
    end: end.resolve,
    fail: end.reject,
  };
};

test("a client that awaits an answer is not sent a gap in the room's memory unasked", async () => {
  const read = held();
  const fixture = createTalkedRoom(200, { inMemory: 20, pause: read.pause });
  const line = fixture.line({ takes: true });
  await line.join(E1(200));
  read.arm();
  const joining = line.join(E1(100));
  await read.begun;
  for (let n = 0; n < 60; n++) fixture.mumble();
  fixture.trim(240);
  await fixture.rooms.resync();
  expect(line.notified()).toHaveLength(1);
  read.end();
  await joining;
  await vi.waitFor(() => expect(line.listens()).toBe(true));
  expect(line.seqs()).toEqual(range(101, 260));
});

test("nor the rest of the answer before, which goes on no more once it asks again", async () => {
  const read = held();
  const fixture = createTalkedRoom(1_000, { inMemory: 20, pause: read.pause });
  const line = fixture.line();
  await line.join(E1(1));
  const before = line.seqs().length;
  read.arm();
  const joining = line.join(E1(500));
  await read.begun;
  line.drain();
  await new Promise(setImmediate);
  expect(line.seqs()).toHaveLength(before);
  read.end();
  await joining;
  expect(line.seqs()[before]).toBe(501);
});

test.each([
  ["Redis", 0],
  ["PostgreSQL, and all that follows", 180],
  ["PostgreSQL, of which that is a part", 700],
])("a message that is deleted while it is read is not sent with its text: from %s", async (_, goneBelow) => {
  const read = held();
  const fixture = createTalkedRoom(800, { inMemory: 20, delay: read.pause });
  if (goneBelow > 0) fixture.trim(goneBelow);
  await fixture.line({ takes: true }).join(E1(800));
  const texts: number[] = [];
  const line = fixture.line({ takes: true, onText: (seq) => void texts.push(seq) });
  // The first read finds where the log begins.
  read.arm(1);
  const joining = line.join(E1(100));
  await read.begun;
  fixture.remove(120);
  read.end();
  await joining;
  await vi.waitFor(() => expect(line.listens()).toBe(true));
  expect([line.seqs().at(-1), texts.includes(120)]).toEqual([801, false]);
});

test("a client whose second join fails is no longer in the room, where it would hear nothing", async () => {
  const read = held();
  const fixture = createTalkedRoom(200, { inMemory: 20, pause: read.pause });
  const line = fixture.line({ takes: true });
  await line.join(E1(200));
  read.arm();
  const joining = line.join(E1(100));
  await read.begun;
  read.fail(new Unavailable("Redis is away"));
  await expect(joining).rejects.toThrow(Unavailable);
  expect(line.leave).toThrow("not_joined");
  await line.join(E1(200));
  fixture.say();
  await vi.waitFor(() => expect(line.seqs()).toEqual([201]));
});

test("events older than memory are read while the line hears nothing of the room", async () => {
  let read: { begun: () => void; end: Promise<void> } | undefined;
  const pause = async (): Promise<void> => {
    read?.begun();
    await read?.end;
  };
  const fixture = createTalkedRoom(200, { inMemory: 20, pause });
  const line = fixture.line({ takes: true });
  await line.join(E1(200));
  const [begun, end] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  read = { begun: begun.resolve, end: end.promise };
  const joining = line.join(E1(100));
  await begun.promise;
  fixture.say();
  expect(line.notified()).toHaveLength(1);
  end.resolve();
  await joining;
  await vi.waitFor(() => expect(line.seqs()).toEqual(range(101, 201)));
});
