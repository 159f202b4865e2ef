/** A short run of the fuzzer. `npm run fuzz` does the same for any time. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { fuzz } from "./fuzz-run.ts";
import { startCluster, type TestCluster } from "./support/cluster.ts";

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startCluster({ gateways: 2 });
});
afterAll(() => cluster.stop());

it("frames, bodies and bytes of every kind crash nothing, leak nothing and have no effect that they should not have", async () => {
  const { attacks, events, faults } = await fuzz(cluster, {
    seconds: 12,
    seed: Date.now() % 1_000_000,
    bodies: false,
  });
  expect(faults).toEqual([]);
  expect(attacks).toBeGreaterThan(100);
  expect(events).toBeGreaterThan(20);
});
