/** Metrics in the Prometheus text format. Does not serve them: see `internal-server.ts`. */
import { collectDefaultMetrics, Registry } from "prom-client";

export { Counter, Gauge, Histogram } from "prom-client";
export type { Registry };

/** Creates a registry with the default metrics of Node.js. */
export function createRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "suda_" });
  return registry;
}
