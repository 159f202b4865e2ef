import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { HEARTBEAT_MS, PRESENCE_IDLE_MS } from "../../shared/timeouts.ts";
import { createPresenceBroadcast } from "./presence-broadcast.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function broadcasting() {
  const room = { name: "tea", members: 1, log: { position: { seq: 5 }, stored: 4 } };
  const counted = { people: 3, connections: 3 };
  const frames: { people: number; head: number; stored: number }[] = [];
  const heads = { tea: 0 };
  const broadcast = createPresenceBroadcast({
    rooms: { all: () => [room], loaded: () => room },
    presence: { count: () => counted },
    headSeqOf: () => heads.tea,
    publish: (_, frame) => void frames.push(JSON.parse(frame)),
  });
  /** The tasks of one beat. */
  const runTasks = (): void => {
    vi.advanceTimersByTime(HEARTBEAT_MS);
    broadcast.send();
  };
  return { runTasks: runTasks, room, counted, frames, heads };
}

test("people who are gone are told of at the next beat, all else once a second", () => {
  const { runTasks, counted, frames } = broadcasting();
  const people = (): number[] => frames.map((frame) => frame.people);
  runTasks();
  expect(people()).toEqual([3]);
  counted.people = 2;
  runTasks();
  expect(people()).toEqual([3, 2]);
  counted.people = 4;
  runTasks();
  expect(people()).toEqual([3, 2]);
  runTasks();
  expect(people()).toEqual([3, 2, 4]);
});

test("a room in which nothing changes is told every five seconds, an empty one nothing", () => {
  const { runTasks, room, frames } = broadcasting();
  for (let ms = 0; ms < 2 * PRESENCE_IDLE_MS; ms += HEARTBEAT_MS) runTasks();
  expect(frames).toHaveLength(2);
  room.members = 0;
  for (let ms = 0; ms < 2 * PRESENCE_IDLE_MS; ms += HEARTBEAT_MS) runTasks();
  expect(frames).toHaveLength(2);
});

test("the head is the higher one of Redis' and memory's, because either may know more", () => {
  const { runTasks, room, frames, heads } = broadcasting();
  runTasks();
  heads.tea = 7;
  room.log.stored = 5;
  for (let i = 0; i < 2; i++) runTasks();
  expect(frames.map(({ head, stored }) => [head, stored])).toEqual([
    [5, 4],
    [7, 5],
  ]);
});
