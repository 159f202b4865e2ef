import { expect, test } from "vitest";
import { createSeqWatch } from "../room-log/seq-watch.ts";
import { createAcceptTimes } from "./accept-times.ts";

function open() {
  const clock = { now: 0 };
  const room = { heard: createSeqWatch(), written: createSeqWatch() };
  const observed: [string, number][] = [];
  const times = createAcceptTimes(
    (step, seconds) => observed.push([step, seconds]),
    (name) => (name === "tea" ? room : undefined),
    () => clock.now,
  );
  return { clock, room, observed, times };
}

test("a message is measured at each step, from its arrival on, whichever of heard and appended is first", () => {
  const { clock, room, observed, times } = open();
  const timer = times.begin(0);
  clock.now = 10;
  timer?.admitted();
  clock.now = 20;
  room.heard.reach(7);
  clock.now = 30;
  timer?.appended("tea", 7);
  clock.now = 40;
  room.written.reach(6);
  clock.now = 50;
  room.written.reach(8);
  room.written.reach(9);
  expect(observed).toEqual([
    ["admitted", 0.01],
    ["appended", 0.03],
    ["heard", 0.03],
    ["written", 0.05],
  ]);
});

test("one message in sixteen is measured, and one in a room that was let go is neither heard nor written", () => {
  const { observed, times } = open();
  const timers = Array.from({ length: 32 }, () => times.begin(0));
  expect(timers.filter(Boolean)).toHaveLength(2);
  timers[0]?.appended("coffee", 1);
  expect(observed).toEqual([["appended", 0]]);
});
