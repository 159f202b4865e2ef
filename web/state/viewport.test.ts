import { signal } from "@preact/signals";
import { expect, test } from "vitest";
import type { MessageEvent } from "../../shared/server-frames.ts";
import { createViewport } from "./viewport.ts";

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
  const viewport = createViewport(events);
  const range = () => [viewport.shown.value[0]?.seq, viewport.shown.value.at(-1)?.seq];
  return { events, viewport, range };
}

test("follows the newest and shows only the last forty", () => {
  const { events, range } = setUp(500);
  expect(range()).toEqual([461, 500]);
  events.value = upTo(501);
  expect(range()).toEqual([462, 501]);
});

test("stands still when the reader scrolled up, and counts what came since", () => {
  const { events, viewport, range } = setUp(40);
  viewport.standStill();
  events.value = upTo(43);
  expect(range()).toEqual([1, 40]);
  expect(viewport.unseen.value).toBe(3);
  expect(viewport.newerHere()).toBe(3);
  viewport.newest();
  expect(range()).toEqual([4, 43]);
  expect(viewport.unseen.value).toBe(0);
});

test("never shows more than 300 events: going up takes the newest off the screen", () => {
  const { viewport, range } = setUp(500);
  for (let i = 0; i < 20; i++) {
    const [top] = range();
    viewport.older();
    expect(range()[0]).toBe(Math.max(1, (top ?? 0) - 50));
    expect(viewport.shown.value.length).toBeLessThanOrEqual(300);
  }
  expect(range()).toEqual([1, 300]);
  expect(viewport.hasOlderHere()).toBe(false);
});

test("going down again shows a page at a time, and nothing on screen before leaves it at its lower end", () => {
  const { viewport, range } = setUp(500);
  for (let i = 0; i < 20; i++) viewport.older();
  for (const end of [350, 400, 450, 500]) {
    viewport.newer();
    expect(range()).toEqual([end - 299, end]);
  }
  expect([viewport.newerHere(), viewport.atNewest.value]).toEqual([0, false]);
});

test("an event that arrives while the reader is at the end but does not follow moves nothing", () => {
  const { events, viewport, range } = setUp(500);
  viewport.standStill();
  events.value = upTo(510);
  viewport.newer();
  expect(range()).toEqual([421, 510]);
  expect(viewport.unseen.value).toBe(0);
  events.value = upTo(900);
  expect(range()).toEqual([421, 510]);
  expect(viewport.unseen.value).toBe(390);
});

test("a page of history appears above without moving the end", () => {
  const { events, viewport, range } = setUp(0);
  events.value = upTo(150).slice(110);
  viewport.standStill();
  events.value = upTo(150).slice(60);
  viewport.older();
  expect(range()).toEqual([61, 150]);
});
