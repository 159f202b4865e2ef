import { expect, test } from "vitest";
import { createSightings } from "./sightings.ts";

function setUp() {
  let now = 5_000;
  const sightings = createSightings(() => now);
  sightings.begin();
  return { ...sightings, pass: (ms: number) => (now += ms) };
}

test("a message was seen by those who have read up to it or further, but for its author", () => {
  const it = setUp();
  it.note("ana", "tea", 7);
  it.note("ben", "tea", 9);
  it.note("ben", "tea", 8);
  it.note("cem", "milk", 99);
  expect([6, 7, 8, 9, 10].map((seq) => it.countOf("tea", seq, "cem"))).toEqual([2, 2, 1, 1, 0]);
  expect(it.countOf("tea", 7, "ben")).toBe(1);
  expect(it.countOf("none", 1, "ben")).toBe(0);
});

test("it is known for how long reads were heard without a gap: not at all before they are", () => {
  const it = setUp();
  it.pass(4_000);
  expect(it.sinceMs()).toBe(4_000);
  it.begin();
  it.pass(10);
  expect([it.sinceMs(), createSightings(() => 1).sinceMs()]).toEqual([10, 0]);
});

test("reads from before the last seconds are forgotten, because they are of older messages", () => {
  const it = setUp();
  it.note("ana", "tea", 7);
  it.pass(9_000);
  it.note("ben", "tea", 7);
  expect(it.countOf("tea", 7, "")).toBe(2);
  it.pass(10_500);
  it.note("cem", "milk", 1);
  expect(it.countOf("tea", 7, "")).toBe(0);
});
