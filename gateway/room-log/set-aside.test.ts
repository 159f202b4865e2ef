import { expect, test } from "vitest";
import { createSetAside } from "./set-aside.ts";

test("a room that cannot be read is left alone for longer each time, a minute at most, until it can be read", () => {
  let now = 0;
  const aside = createSetAside(() => now);
  expect(aside.waitMs("tea")).toBe(0);
  const pauses = Array.from({ length: 10 }, () => {
    const pause = aside.add("tea");
    expect(aside.waitMs("tea")).toBe(pause);
    now += pause;
    expect(aside.waitMs("tea")).toBe(0);
    return pause;
  });
  expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
  expect(pauses.at(-1)).toBe(60_000);
  expect(aside.count).toBe(1);
  aside.clear("tea");
  expect(aside.count).toBe(0);
  expect(aside.add("tea")).toBe(pauses[0]);
});

test("a room that nobody asks for any more is forgotten", () => {
  let now = 0;
  const aside = createSetAside(() => now);
  aside.add("tea");
  now += 3_600_000;
  aside.add("coffee");
  expect(aside.count).toBe(1);
});
