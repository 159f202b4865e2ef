import { expect, test } from "vitest";
import type { Fault } from "./fault.ts";
import { exceededTimes, needlessRestarts, unproven } from "./promises.ts";

const FAULT: Fault = { name: "a fault", about: "", target: "clients", strike: async () => undefined };
const MEASURED = {
  silenceMs: { p50: 1, p99: 200, most: 900 },
  healMs: { p50: 1, p99: 3_000, most: 4_000 },
  countMs: 2_500,
};

test("each time is held against what this fault promises of it", () => {
  const all = { silenceMost: 900, silenceP99: 200, healP99: 3_000, count: 2_500 };
  expect(exceededTimes({ ...FAULT, within: all }, MEASURED)).toEqual([]);
  const less = { silenceMost: 899, silenceP99: 199, healP99: 2_999, count: 2_499 };
  expect(exceededTimes({ ...FAULT, within: less }, MEASURED)).toHaveLength(4);
});

test("a fault that promises no times exceeds none", () => {
  expect(exceededTimes(FAULT, MEASURED)).toEqual([]);
});

test("who starts over though all could be had is told of, also when nothing is late", () => {
  expect(needlessRestarts({ ...FAULT, resumes: true }, 2)).toEqual([
    "clients were told to start over 2 times, though all could be had",
  ]);
  expect(needlessRestarts({ ...FAULT, resumes: true }, 0)).toEqual([]);
  expect(needlessRestarts(FAULT, 2)).toEqual([]);
});

test("a run in which hardly anything was said keeps no promise", () => {
  expect([unproven(0, 0), unproven(0, 1_000), unproven(99, 1_000)].map(({ length }) => length)).toEqual([
    1, 1, 1,
  ]);
  expect(unproven(100, 1_000)).toEqual([]);
});
