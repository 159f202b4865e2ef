import { expect, it } from "vitest";
import { createLog } from "../shared/server/process/logger.ts";
import { Unavailable } from "../shared/server/process/unavailable.ts";
import { createHealth } from "./health.ts";
import { repeat, retryUntilSuccess } from "./repeat.ts";

const setUp = () => {
  const stop = new AbortController();
  const health = createHealth();
  const faults: string[] = [];
  const onInternalError = (task: string): void => void faults.push(task);
  const log = createLog("test", "silent");
  return { stop, health, faults, context: { signal: stop.signal, health, log, onInternalError } };
};
const outage = (): Error => new Unavailable("connect ECONNREFUSED");

it("a task that has more to do runs again at once", async () => {
  const { stop, context } = setUp();
  let runs = 0;
  const run = async (): Promise<boolean> => {
    if (++runs === 3) stop.abort();
    return true;
  };
  await repeat({ name: "task", run, everyMs: 3_600_000 }, context);
  expect(runs).toBe(3);
});

it("a task is not ready before its first success, nor during an outage", async () => {
  const { stop, health, context } = setUp();
  const seen: (string | undefined)[] = [];
  const run = async (): Promise<boolean> => {
    seen.push(health.reasons().task);
    if (seen.length === 2) throw outage();
    if (seen.length === 4) stop.abort();
    return true;
  };
  await repeat({ name: "task", run, everyMs: 0 }, context);
  expect(seen).toEqual(["starting", undefined, "connect ECONNREFUSED", undefined]);
});

it("a fault of ours is counted, shows in the readiness without its words, and the task is tried again", async () => {
  const { stop, health, faults, context } = setUp();
  const seen: (string | undefined)[] = [];
  const run = async (): Promise<boolean> => {
    seen.push(health.reasons().task);
    if (seen.length === 1) throw new TypeError("secret detail of the inside");
    stop.abort();
    return true;
  };
  await repeat({ name: "task", run, everyMs: 0 }, context);
  expect(seen).toEqual(["starting", "internal error"]);
  expect(faults).toEqual(["task"]);
  expect(health.reasons()).toEqual({});
});

it("a task that is to be done once, before all else, fails the start when it is our fault", async () => {
  const { context } = setUp();
  const run = () => Promise.reject(new TypeError("ours"));
  await expect(retryUntilSuccess("once", run, context)).rejects.toThrow("ours");
});

it("a pause ends when the process stops", async () => {
  const { stop, context } = setUp();
  const running = repeat({ name: "task", run: async () => false, everyMs: 3_600_000 }, context);
  stop.abort();
  await running;
});

it("a task that is to be done once is tried until it is done", async () => {
  const { health, context } = setUp();
  let tries = 0;
  await retryUntilSuccess(
    "once",
    async () => {
      if (++tries < 3) throw outage();
    },
    context,
  );
  expect(tries).toBe(3);
  expect(health.reasons()).toEqual({});
});
