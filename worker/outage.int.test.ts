import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { type Relay, startRelay } from "../load-tests/support/relay.ts";
import { archiveWhenDue } from "./archive.ts";
import { createHealth } from "./health.ts";
import { repeat } from "./repeat.ts";
import { openWorld, type World } from "./testing/world.ts";

let relay: Relay;
let world: World;
beforeAll(async () => {
  world = await openWorld({
    async databaseUrl(direct) {
      relay = await startRelay(Number(new URL(direct).port));
      return relay.through(direct);
    },
  });
  await world.openRoom("lobby");
});
afterAll(async () => {
  await world.close();
  await relay.close();
});

const health = createHealth();
let stop: AbortController;
let running: Promise<void>;
beforeEach(() => {
  stop = new AbortController();
  const run = () => archiveWhenDue({ ...world.deps, archiveEvents: 1, writeLimitMs: 300 });
  running = repeat(
    { name: "archive", run, everyMs: 10 },
    { signal: stop.signal, health, log: world.deps.log, onInternalError: () => undefined },
  );
  return async () => {
    stop.abort();
    await running;
  };
});

const until = (condition: () => unknown) => vi.waitFor(condition, { timeout: 20_000, interval: 20 });

it("while PostgreSQL is away the worker is not ready and says why; afterwards every event is a row", async () => {
  await world.say("lobby", "before");
  await until(async () => expect(await world.stored("lobby")).toBe(1));
  expect(health.reasons()).toEqual({});

  relay.cut();
  await world.say("lobby", "meanwhile");
  await until(() => expect(health.reasons().archive).toMatch(/CONNECTION|ECONN/));
  await world.say("lobby", "still away");
  expect(await world.stored("lobby")).toBe(1);

  relay.mend();
  await until(async () => expect(await world.stored("lobby")).toBe(3));
  await until(() => expect(health.reasons()).toEqual({}));
  expect(await world.texts("lobby")).toEqual(["before", "meanwhile", "still away"]);
});

it("while Redis is away the worker waits; afterwards it goes on from the log that Redis kept", async () => {
  const before = await world.stored("lobby");
  await world.server.kill();
  await until(() => expect(health.reasons().archive).toBeTruthy());
  await world.server.start();
  await until(() => expect(health.reasons()).toEqual({}));
  await world.openRoom("lobby");
  await world.say("lobby", "after the restart");
  await until(async () => expect(await world.stored("lobby")).toBeGreaterThan(before + 1_000));
  expect((await world.texts("lobby")).at(-1)).toBe("after the restart");
});
