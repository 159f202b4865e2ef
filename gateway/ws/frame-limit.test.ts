import { expect, test } from "vitest";
import { newConnection } from "./connection.ts";
import { createFrameLimit } from "./frame-limit.ts";

const RULE = { on: true, perSecond: 10, burst: 5 };

test("a burst passes, further frames are too fast until time has passed", () => {
  let now = 0;
  const { pace: limit } = createFrameLimit(RULE, () => now);
  const connection = newConnection("c", "::1", "");
  expect(limit(connection, 5)).toBe("ok");
  expect(limit(connection, 1)).toBe("too_fast");
  now += 200;
  expect(limit(connection, 1)).toBe("ok");
});

test("a socket that goes on regardless is a flood", () => {
  const { pace: limit } = createFrameLimit(RULE, () => 0);
  const connection = newConnection("c", "::1", "");
  const answers = Array.from({ length: 106 }, () => limit(connection, 1));
  expect([answers[4], answers[5], answers[104], answers[105]]).toEqual([
    "ok",
    "too_fast",
    "too_fast",
    "flood",
  ]);
});

test("lifted, nothing is too fast", () => {
  const { pace: limit } = createFrameLimit({ ...RULE, on: false }, () => 0);
  expect(limit(newConnection("c", "::1", ""), 1_000)).toBe("ok");
});
