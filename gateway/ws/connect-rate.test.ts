import { expect, test } from "vitest";
import { createConnectRate } from "./connect-rate.ts";

function setUp({ on = true, perUser = 60, perIp = 3_000 } = {}) {
  let now = 0;
  const connectRate = createConnectRate({ on, perUser, perIp }, () => now);
  return {
    ...connectRate,
    pass: (ms: number): void => {
      now += ms;
    },
  };
}

test("a user may connect so often in a minute, at once or evenly, and is told how long to wait", () => {
  const { ofUser, pass } = setUp();
  expect(Array.from({ length: 61 }, () => ofUser("u1")).filter((wait) => wait > 0)).toEqual([1_000]);
  expect(ofUser("u2")).toBe(0);
  pass(999);
  expect(ofUser("u1")).toBe(1);
  pass(1);
  expect([ofUser("u1"), ofUser("u1")]).toEqual([0, 1_000]);
  for (let i = 0; i < 600; i++) {
    pass(1_000);
    expect(ofUser("u1")).toBe(0);
  }
});

test("36,311 sockets in 15 s from one address are some thousand, and from elsewhere everyone comes in", () => {
  const { fromAddress, pass } = setUp();
  let opened = 0;
  for (let i = 0; i < 36_311; i++) {
    if (fromAddress(`2001:db8:1:2::${(i % 9_999).toString(16)}`) === 0) opened++;
    pass(15_000 / 36_311);
  }
  expect(opened).toBeLessThan(3_000 + 751);
  expect(fromAddress("192.0.2.1")).toBe(0);
});

test("everyone behind an address may come back at once, also after each of three gateways was renewed", () => {
  const { fromAddress, pass } = setUp();
  for (let renewed = 0; renewed < 3; renewed++) {
    expect(Array.from({ length: 1_000 }, () => fromAddress("192.0.2.1")).filter(Boolean)).toEqual([]);
    pass(5_000);
  }
});

test("a bucket that is dropped had nothing left to wait for", () => {
  const { fromAddress, pass } = setUp({ perIp: 2 });
  const busy = "192.0.2.1";
  expect([fromAddress(busy), fromAddress(busy)]).toEqual([0, 0]);
  pass(1_000);
  for (let i = 0; i < 40_000; i++) fromAddress(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);
  expect(Math.round(fromAddress(busy) / 10)).toBe(2_900);
});

test("lifted, nobody waits", () => {
  const { ofUser, fromAddress } = setUp({ on: false, perUser: 1, perIp: 1 });
  expect(Array.from({ length: 9 }, () => ofUser("u1") + fromAddress("::1"))).toEqual(Array(9).fill(0));
});
