import { expect, test } from "vitest";
import { createFakeClock } from "../sync/clock.fake.ts";
import { createRoomSpeed } from "./room-speed.ts";

/** @returns whether the room was fast after each of `seconds` seconds with `perSecond` messages each. */
function play(perSecond: number, seconds: number): boolean[] {
  const clock = createFakeClock();
  const speed = createRoomSpeed(clock);
  return Array.from({ length: seconds }, () => {
    for (let i = 0; i < perSecond; i++) {
      speed.note();
      clock.advance(1_000 / perSecond);
    }
    return speed.isFast.value;
  });
}

test("five messages a second can be read, six cannot", () => {
  expect(play(5, 4)).toEqual([false, false, false, false]);
  expect(play(6, 4)).toEqual([true, true, true, true]);
  expect(play(200, 2)).toEqual([true, true]);
});

test("a room is calm again three seconds after the last fast second", () => {
  const clock = createFakeClock();
  const speed = createRoomSpeed(clock);
  for (let i = 0; i < 6; i++) speed.note();
  clock.advance(2_900);
  speed.note();
  expect(speed.isFast.value).toBe(true);
  clock.advance(200);
  expect(speed.isFast.value).toBe(false);
});
