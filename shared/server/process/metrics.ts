/** Numbers for operators, in the Prometheus text format; served by `internal-server.ts`. */
import { collectDefaultMetrics, Registry } from "prom-client";

export { Counter, Gauge, Histogram } from "prom-client";
export type { Registry };

/** A registry of this process, with the usual figures of Node.js in it. */
export function createRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "suda_" });
  return registry;
}
