import { afterAll, beforeAll, expect, it } from "vitest";
import { freePort } from "../load-tests/support/free-port.ts";
import { serveInternal } from "../shared/server/process/internal-server.ts";
import { createHealth } from "./health.ts";
import { createMetrics } from "./metrics.ts";

const health = createHealth();
const metrics = createMetrics();
let port = 0;
let close: () => Promise<void>;
beforeAll(async () => {
  port = await freePort();
  close = await serveInternal({ host: "127.0.0.1", port }, metrics.registry, health.pages);
});
afterAll(() => close());

const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);

it("a worker that cannot work lives, but is not ready and says why", async () => {
  health.bad("archive", "connect ECONNREFUSED");
  expect((await get("/healthz")).status).toBe(200);
  const unready = await get("/readyz");
  expect(unready.status).toBe(503);
  expect(await unready.json()).toEqual({ ready: false, reasons: { archive: "connect ECONNREFUSED" } });
  health.good("archive");
  expect((await get("/readyz")).status).toBe(200);
});

it("every metric of the worker is told", async () => {
  const names = (await (await get("/metrics")).text()).match(/(?<=^# TYPE )\S+/gm);
  expect(names).toEqual(
    expect.arrayContaining([
      "suda_archive_pending_events",
      "suda_archive_lag_seconds",
      "suda_archived_total",
      "suda_dead_letters_total",
      "suda_archive_batch_seconds",
    ]),
  );
});

it("nothing else is served", async () => {
  expect((await get("/")).status).toBe(404);
});
