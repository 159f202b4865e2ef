/** Wires the watch of the stores, which begins when the gateway serves and is the first to end. */
import type { Finding } from "../../shared/server/preflight/finding.ts";
import { lookThrough } from "../../shared/server/preflight/look.ts";
import type { Readiness } from "../readiness.ts";
import type { Node } from "./node.ts";
import type { Stores } from "./stores.ts";

export function watchStores(
  { config, onClose }: Node,
  { watch, redis, sql }: Pick<Stores, "watch" | "redis" | "sql">,
  readiness: Readiness,
  known: readonly Finding[],
): void {
  const { redisUrl, databaseUrl } = config;
  readiness.explainRedis(() => watch.causeOf("Redis"));
  const look = (): Promise<Finding[]> =>
    lookThrough({ redisUrl, redis, databaseUrl, sql }, { migrates: false, gateways: 1 });
  watch.start(look, known);
  onClose("store watch", watch.close);
}
