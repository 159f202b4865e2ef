/** This node of the cluster: the dependencies of every part of a gateway. */
import type { Life } from "../../shared/server/process/lifecycle.ts";
import { createInternalErrors, type ReportInternalError } from "../internal-errors.ts";
import { createMetrics, type Metrics } from "../metrics.ts";

export type Node = Life & { metrics: Metrics; onInternalError: ReportInternalError };

export function openNode(life: Life): Node {
  const metrics = createMetrics();
  return { ...life, metrics, onInternalError: createInternalErrors(life.log, metrics.internalError) };
}
