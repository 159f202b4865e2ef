import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { type Relay, startRelay } from "../load-tests/support/relay.ts";
import { archiveWhenDue } from "./archive.ts";
import { createHealth } from "./health.ts";
import { repeat } from "./repeat.ts";
import { openTestEnvironment, type TestEnvironment } from "./testing/test-environment.ts";

let relay: Relay;
let environment: TestEnvironment;
beforeAll(async () => {
  environment = await openTestEnvironment({
    async databaseUrl(direct) {
      relay = await startRelay(Number(new URL(direct).port));
      return relay.through(direct);
    },
  });
  await environment.openRoom("lobby");
});
afterAll(async () => {
  await environment.close();
  await relay.close();
});

const health = createHealth();
let stop: AbortController;
let running: Promise<void>;
beforeEach(() => {
  stop = new AbortController();
  const deps = { ...environment.deps, due: { events: 1, ms: 10_000 }, writeLimitMs: 300 };
  const run = async () => (await archiveWhenDue(deps)).more;
  running = repeat(
    { name: "archive", run, everyMs: 10 },
    { signal: stop.signal, health, log: environment.deps.log, onInternalError: () => undefined },
  );
  return async () => {
    stop.abort();
    await running;
  };
});

const until = (condition: () => unknown) => vi.waitFor(condition, { timeout: 20_000, interval: 20 });

it("while PostgreSQL is away the worker is not ready and says why; afterwards every event is a row", async () => {
  await environment.say("lobby", "before");
  await until(async () => expect(await environment.stored("lobby")).toBe(1));
  expect(health.reasons()).toEqual({});

  relay.cut();
  await environment.say("lobby", "meanwhile");
  await until(() => expect(health.reasons().archive).toMatch(/CONNECTION|ECONN/));
  await environment.say("lobby", "still away");
  expect(await environment.stored("lobby")).toBe(1);

  relay.mend();
  await until(async () => expect(await environment.stored("lobby")).toBe(3));
  await until(() => expect(health.reasons()).toEqual({}));
  expect(await environment.texts("lobby")).toEqual(["before", "meanwhile", "still away"]);
});

it("while Redis is away the worker waits; afterwards it goes on from the log that Redis kept", async () => {
  const before = await environment.stored("lobby");
  await environment.server.kill();
  await until(() => expect(health.reasons().archive).toBeTruthy());
  await environment.server.start();
  await until(() => expect(health.reasons()).toEqual({}));
  await environment.openRoom("lobby");
  await environment.say("lobby", "after the restart");
  await until(async () => expect(await environment.stored("lobby")).toBeGreaterThan(before + 1_000));
  expect((await environment.texts("lobby")).at(-1)).toBe("after the restart");
});
