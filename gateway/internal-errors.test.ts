import { expect, test, vi } from "vitest";
import { createInternalErrors } from "./internal-errors.ts";

test("a fault is counted, logged with its stack, and has an id of its own", () => {
  const error = vi.fn();
  const count = vi.fn();
  const report = createInternalErrors({ error }, count);
  const bug = new Error("bug");
  const id = report(bug, "frame", { type: "send" });
  expect(count.mock.calls).toEqual([["frame"]]);
  expect(error.mock.calls[0]?.[0]).toEqual({ err: bug, where: "frame", requestId: id, type: "send" });
  expect(report(bug, "frame")).not.toBe(id);
});

test("a flood of faults does not flood the log: all are counted, and the next second says how many were left out", () => {
  let now = 0;
  const error = vi.fn();
  const count = vi.fn();
  const report = createInternalErrors({ error }, count, () => now);
  for (let n = 0; n < 1_000; n++) report(new Error("bug"), "request");
  const lines = error.mock.calls.length;
  expect(count).toHaveBeenCalledTimes(1_000);
  expect(lines).toBeLessThan(100);
  now = 1_000;
  report(new Error("bug"), "request");
  expect(error.mock.calls.at(-1)?.[0]).toMatchObject({ omitted: 1_000 - lines });
});
