import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Unavailable } from "../shared/server/process/unavailable.ts";
import { HEARTBEAT_MS } from "../shared/timeouts.ts";
import { startHeartbeat } from "./heartbeat.ts";

let heartbeat: { close: () => void } | undefined;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  heartbeat?.close();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function beating(tasks: Record<string, () => Promise<void>>) {
  const before = vi.fn();
  const after = vi.fn();
  const onAnswers = vi.fn();
  const onInternalError = vi.fn(() => "id");
  heartbeat = startHeartbeat({
    ...{ before, after, onAnswers, onInternalError },
    tasks: new Map(Object.entries(tasks)),
  });
  return { before, after, onAnswers, onInternalError };
}
const runTasks = () => vi.advanceTimersByTimeAsync(HEARTBEAT_MS);

test("a task that fails is reported by its name, stops no other, and says nothing against Redis", async () => {
  const fault = new TypeError("ours");
  const other = vi.fn(async () => undefined);
  const { onAnswers, onInternalError } = beating({ records: () => Promise.reject(fault), other });
  await runTasks();
  await runTasks();
  expect(other).toHaveBeenCalledTimes(2);
  expect(onInternalError).toHaveBeenCalledWith(fault, "task", { task: "records" });
  expect(onAnswers).toHaveBeenLastCalledWith(true);
});

test("an outage is no fault: readiness hears of it, and hears when it is over", async () => {
  const task = vi.fn(async () => undefined).mockRejectedValueOnce(new Unavailable("Redis is away"));
  const { onAnswers, onInternalError } = beating({ task });
  await runTasks();
  expect(onAnswers).toHaveBeenLastCalledWith(false);
  await runTasks();
  expect(onAnswers).toHaveBeenLastCalledWith(true);
  expect(onInternalError).not.toHaveBeenCalled();
});

test("tasks that take longer than a beat are not begun again, and the work of every beat goes on", async () => {
  const slow = vi.fn(() => new Promise<void>(() => undefined));
  const { before, after } = beating({ slow });
  await runTasks();
  await runTasks();
  await runTasks();
  expect(slow).toHaveBeenCalledTimes(1);
  expect(before).toHaveBeenCalledTimes(3);
  expect(after).toHaveBeenCalledTimes(2);
});

test("a beat after the process stood still knows how late it is", async () => {
  const { before } = beating({});
  // The process stalls for three seconds: its timers fire late, all of them as one.
  const wake = performance.now() + 3_000;
  vi.spyOn(performance, "now").mockReturnValue(wake);
  await runTasks();
  expect(before.mock.lastCall?.[0]).toBeGreaterThan(2_000);
});
