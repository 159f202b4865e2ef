import { expect, test } from "vitest";
import { createReadiness } from "./readiness.ts";

test("a gateway gets no new clients while it starts, drains, or is cut off, and says why", () => {
  const readiness = createReadiness();
  expect(readiness.reasons()).toEqual(["starting"]);
  readiness.waiting(["PostgreSQL role"]);
  expect(readiness.reasons()).toEqual(["starting", "waiting for: PostgreSQL role"]);
  readiness.waiting([]);
  readiness.serving();
  expect(readiness.reasons()).toEqual([]);
  readiness.redis(false);
  readiness.bus(false);
  expect(readiness.reasons()).toEqual(["redis does not answer", "the bus is broken"]);
  readiness.explainRedis(() => "OOM");
  expect(readiness.reasons()).toEqual(["redis does not answer: OOM", "the bus is broken"]);
  readiness.redis(true);
  readiness.bus(true);
  expect(readiness.reasons()).toEqual([]);
  readiness.draining();
  expect(readiness.reasons()).toEqual(["draining"]);
});
