import { expect, test, vi } from "vitest";
import { createStage } from "./testing/stage.ts";

const LIMIT = 64 * 1024;
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const E1 = (seq: number) => ({ epoch: "e1", seq });
/** A room with so many messages. */
const stageWith = (count: number, inMemory?: number) => {
  const stage = createStage(LIMIT, inMemory);
  stage.log(count);
  return stage;
};

test("what fits is told at once, and what follows is heard", async () => {
  const stage = stageWith(100);
  const line = stage.line({ takes: true });
  await line.join(E1(40));
  expect(line.told()).toEqual([{ joined: range(41, 100), head: 100, epoch: "e1", recovered: true }]);
  expect(line.listens()).toBe(true);
});

test("a slow line gets a long gap in parts, never holds more than it may, and listens when it has all", async () => {
  const stage = stageWith(1_000);
  const line = stage.line();
  await line.join(E1(0));
  expect(line.listens()).toBe(false);
  let most = 0;
  for (let parts = 1; !line.listens(); parts++) {
    expect(parts).toBeLessThan(20);
    most = Math.max(most, line.unsent());
    stage.say();
    line.drain();
  }
  expect(most).toBeLessThanOrEqual(LIMIT);
  const [first, ...rest] = line.told();
  expect(first).toMatchObject({ recovered: true, epoch: "e1", head: first?.joined?.at(-1) });
  expect(rest.every((part) => part.events)).toBe(true);
  expect(line.seqs()).toEqual(range(1, stage.head()));
  stage.say();
  await vi.waitFor(() => expect(line.seqs()).toEqual(range(1, stage.head())));
});

test("a line that takes everything needs no waiting for", async () => {
  const stage = stageWith(1_000);
  const line = stage.line({ takes: true });
  await line.join(E1(0));
  expect(line.seqs()).toEqual(range(1, 1_000));
  expect(line.listens()).toBe(true);
});

test("a part that still fills the line is not followed by another", async () => {
  const stage = stageWith(1_000);
  const line = stage.line();
  await line.join(E1(0));
  const before = line.told().length;
  line.drain(LIMIT / 2);
  expect(line.told().length).toBe(before);
});

test("a fresh epoch that begins meanwhile is told by a joined of its own", async () => {
  const stage = stageWith(1_000);
  const line = stage.line();
  await line.join(E1(0));
  await stage.renew("e2", 5_000);
  stage.say();
  while (!line.listens()) line.drain();
  const joined = line.told().filter((part) => part.joined);
  expect(joined.map(({ epoch, recovered }) => [epoch, recovered])).toContainEqual(["e2", true]);
  expect(joined.at(-1)).toMatchObject({ epoch: "e2", head: 5_001 });
  expect(line.seqs()).toEqual([...range(1, 1_000), 5_001]);
});

test("what is in Redis only is read in parts too, and what is trimmed before its turn is told of", async () => {
  const stage = stageWith(10_000, 50);
  const line = stage.line();
  await line.join(E1(0));
  const first = line.seqs();
  expect(first).toEqual(range(1, first.length));
  line.drain();
  await vi.waitFor(() => expect(line.seqs().length).toBeGreaterThan(first.length));
  expect(line.seqs()).toEqual(range(1, line.seqs().length));
  expect(line.listens()).toBe(false);
  stage.trim(9_900);
  line.drain();
  await vi.waitFor(() => expect(line.listens()).toBe(true));
  expect(line.told().at(-1)).toMatchObject({ recovered: false, head: 10_000, joined: range(9_951, 10_000) });
});

test("Redis going away meanwhile ends the connection: the client comes back from where it is", async () => {
  const stage = stageWith(10_000, 50);
  const line = stage.line();
  await line.join(E1(0));
  stage.loseRedis();
  line.drain();
  await vi.waitFor(() => expect(line.ended()).toBe(4003));
});

test("who left, or is gone, is told no more of it", async () => {
  const stage = stageWith(1_000);
  const [left, gone] = [stage.line(), stage.line()];
  for (const line of [left, gone]) await line.join(E1(0));
  left.leave();
  gone.close();
  for (const line of [left, gone]) {
    line.drain();
    expect(line.told().length).toBe(1);
    expect(line.listens()).toBe(false);
  }
});

test("who has been listening and asks again from far behind hears nothing newer before its turn", async () => {
  const stage = stageWith(1_000);
  const line = stage.line();
  await line.join(E1(1_000));
  expect(line.listens()).toBe(true);
  await line.join(E1(0));
  expect(line.listens()).toBe(false);
  while (!line.listens()) line.drain();
  expect(line.seqs()).toEqual(range(1, 1_000));
});

test("who leaves while Redis is asked for more is not brought back; Redis is asked once at a time", async () => {
  const stage = stageWith(10_000, 50);
  const line = stage.line();
  await line.join(E1(0));
  const before = stage.reads();
  line.drain();
  line.drain();
  expect(stage.reads()).toBe(before + 1);
  line.leave();
  await new Promise((resolve) => setImmediate(resolve));
  expect([line.told().length, line.listens(), stage.rooms.loaded("tea")?.members]).toEqual([1, false, 0]);
});
