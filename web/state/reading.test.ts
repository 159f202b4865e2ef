import { signal } from "@preact/signals";
import { expect, test } from "vitest";
import type { MessageEvent } from "../../shared/server-frames.ts";
import { createReading } from "./reading.ts";

const message = (seq: number): MessageEvent => ({
  type: "message",
  room: "lobby",
  seq,
  at: seq,
  user: { id: "u", nickname: "u" },
  clientId: `c${seq}`,
  text: "",
});
const upTo = (head: number) => Array.from({ length: head }, (_, i) => message(i + 1));

function setUp(head: number) {
  const events = signal(upTo(head));
  const reading = createReading(events);
  const range = () => [reading.shown.value[0]?.seq, reading.shown.value.at(-1)?.seq];
  return { events, reading, range };
}

test("follows the newest and shows only the last hundred", () => {
  const { events, range } = setUp(500);
  expect(range()).toEqual([401, 500]);
  events.value = upTo(501);
  expect(range()).toEqual([402, 501]);
});

test("stands still when the reader scrolled up, and counts what came since", () => {
  const { events, reading, range } = setUp(100);
  reading.standStill();
  events.value = upTo(103);
  expect(range()).toEqual([1, 100]);
  expect(reading.unseen.value).toBe(3);
  reading.jump();
  expect(range()).toEqual([4, 103]);
  expect(reading.unseen.value).toBe(0);
});

test("never shows more than 300 events: going up takes the newest off the screen", () => {
  const { reading, range } = setUp(500);
  for (let i = 0; i < 20; i++) reading.older();
  expect(reading.shown.value).toHaveLength(300);
  expect(range()).toEqual([1, 300]);
  expect(reading.hasOlderHere()).toBe(false);
});

test("going down again reaches the newest and follows it", () => {
  const { reading, range } = setUp(500);
  for (let i = 0; i < 20; i++) reading.older();
  for (let i = 0; i < 4; i++) reading.newer();
  expect(reading.atNewest.value).toBe(true);
  expect(range()[1]).toBe(500);
});

test("a page of history appears above without moving the end", () => {
  const { events, reading, range } = setUp(0);
  events.value = upTo(150).slice(100);
  reading.standStill();
  events.value = upTo(150).slice(50);
  expect(range()).toEqual([51, 150]);
});
