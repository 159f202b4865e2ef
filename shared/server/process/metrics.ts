/** Metrics in the Prometheus text format. Does not serve them: see `internal-server.ts`. */
import { collectDefaultMetrics, Registry } from "prom-client";

export { Counter, Gauge, Histogram } from "prom-client";
export type { Registry };

/** Each look at the event loop wakes the process, which costs an idle one more than all else: twice a second is a fair sample of its delays. */
const LAG_EVERY_MS = 500;

/** Creates a registry with the default metrics of Node.js. */
export function createRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "suda_", eventLoopMonitoringPrecision: LAG_EVERY_MS });
  return registry;
}
