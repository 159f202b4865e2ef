import { expect, test, vi } from "vitest";
import { createClientErrors } from "./client-error-log.ts";

const DEVICE = { ip: "192.0.2.1", userAgent: "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 (a secret)" };
const fault = { where: "screen", name: "TypeError", at: ["main-1A2B.js:1:2"] } as const;

function start() {
  const clock = { now: 0 };
  const warn = vi.fn();
  const count = vi.fn();
  const limits = { clientError: async () => ({ forgive: async () => undefined, spend: vi.fn() }) };
  const { tell } = createClientErrors({ log: { warn }, limits, count, now: () => clock.now });
  return { clock, warn, count, tell };
}

test("a page's fault is counted and logged with its device's name, and nothing that names a person", async () => {
  const { warn, count, tell } = start();
  await tell({ ...fault, at: [...fault.at] }, DEVICE);
  expect(count.mock.calls).toEqual([["screen"]]);
  expect(warn.mock.calls[0]?.[0]).toEqual({ ...fault, device: "Chrome on Linux" });
});

test("a flood of pages that fail does not flood the log: all are counted, and a later line says how many were left out", async () => {
  const { clock, warn, count, tell } = start();
  for (let n = 0; n < 1_000; n++) await tell({ ...fault, at: [] }, DEVICE);
  const lines = warn.mock.calls.length;
  expect(count).toHaveBeenCalledTimes(1_000);
  expect(lines).toBeLessThan(50);
  clock.now = 60_000;
  await tell({ ...fault, at: [] }, DEVICE);
  expect(warn.mock.calls.at(-1)?.[0]).toMatchObject({ omitted: 1_000 - lines });
});
