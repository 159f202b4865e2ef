import { expect, test } from "vitest";
import { isNear, readCapacity } from "./support/capacity.ts";
import { type Footprint, measureFootprint } from "./support/redis-footprint.ts";

/** The promise, in bytes. */
const PROMISED_MAX: Partial<Footprint> = { message: 100, idleRoom: 300 };

test("the formula of docs/capacity.md is within 10 % of the memory that Redis uses, and within what is promised", async () => {
  const [written, measured] = [readCapacity(), await measureFootprint()];
  for (const name of ["message", "room", "event", "idleRoom"] as const) {
    expect([name, measured[name], isNear(measured[name], written[name])]).toEqual([
      name,
      measured[name],
      true,
    ]);
    expect(measured[name]).toBeLessThanOrEqual(PROMISED_MAX[name] ?? Number.POSITIVE_INFINITY);
  }
}, 120_000);
