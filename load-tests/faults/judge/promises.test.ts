import { expect, test } from "vitest";
import type { Fault } from "../catalog/fault.ts";
import { needlessRestarts, sloBreachesOf, unproven } from "./promises.ts";

const FAULT: Fault = { name: "a fault", about: "", target: "clients", inject: async () => undefined };
const MEASURED = {
  silenceMs: { p50: 1, p99: 200, max: 900 },
  recoveredMs: { p50: 1, p99: 3_000, max: 4_000 },
  countMs: 2_500,
};

test("each time is compared with what this fault promises", () => {
  const all = { silenceMax: 900, silenceP99: 200, recoveredP99: 3_000, count: 2_500 };
  expect(sloBreachesOf({ ...FAULT, within: all }, MEASURED)).toEqual([]);
  const less = { silenceMax: 899, silenceP99: 199, recoveredP99: 2_999, count: 2_499 };
  expect(sloBreachesOf({ ...FAULT, within: less }, MEASURED)).toHaveLength(4);
});

test("a fault that promises no times exceeds none", () => {
  expect(sloBreachesOf(FAULT, MEASURED)).toEqual([]);
});

test("a needless restart is reported, also when no time is exceeded", () => {
  expect(needlessRestarts({ ...FAULT, resumes: true }, 2)).toEqual([
    "clients were told to start over 2 times, though all could be had",
  ]);
  expect(needlessRestarts({ ...FAULT, resumes: true }, 0)).toEqual([]);
  expect(needlessRestarts(FAULT, 2)).toEqual([]);
});

test("a run with hardly any message proves nothing", () => {
  expect([unproven(0, 0), unproven(0, 1_000), unproven(99, 1_000)].map(({ length }) => length)).toEqual([
    1, 1, 1,
  ]);
  expect(unproven(100, 1_000)).toEqual([]);
});
