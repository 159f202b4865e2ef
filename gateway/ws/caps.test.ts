import { expect, test } from "vitest";
import { createCaps } from "./caps.ts";

const caps = (on = true) => createCaps({ on, perUser: 2, perIp: 3 });

test("an address may have so many sockets, one of them closed makes room", () => {
  const some = caps();
  expect([1, 2, 3, 4].map(() => some.opened("192.0.2.1"))).toEqual([true, true, true, false]);
  expect(some.opened("192.0.2.2")).toBe(true);
  some.closed("192.0.2.1", null);
  some.closed("192.0.2.1", null);
  expect(some.opened("192.0.2.1")).toBe(true);
});

test("all addresses that one subscriber of IPv6 is given count as one", () => {
  const some = caps();
  expect(["::1", "::2", "::3", "::4"].map((end) => some.opened(`2001:db8:1:2${end}`))).toEqual([
    true,
    true,
    true,
    false,
  ]);
});

test("a user may have so many, and one more that takes over from another", () => {
  const some = caps();
  expect([some.greeted("u1", false), some.greeted("u1", false), some.greeted("u1", true)]).toEqual([
    true,
    true,
    true,
  ]);
  expect(some.greeted("u1", false)).toBe(false);
});

test("lifted, nobody has too many", () => {
  const some = caps(false);
  expect(Array.from({ length: 10 }, () => some.opened("::1")).every(Boolean)).toBe(true);
});
