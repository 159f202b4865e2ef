/** The processes that are Suda's own code: the worker and the gateways. */
import { join } from "node:path";
import { childEnvironment } from "./environment.ts";
import { ROOT } from "./options.ts";
import { answers, type Part } from "./part.ts";
import type { Ports } from "./ports.ts";
import type { Secrets } from "./secrets.ts";
import type { Access, Stores } from "./store-parts.ts";

/** What a gateway gives its clients to move elsewhere; short, since Ctrl-C waits for it. */
const DRAIN_MS = 3_000;
/** Beyond the drain: requests in flight, the last batch. */
const LEAVE_MS = 4_000;

export type NodeParts = {
  worker(): Promise<Part>;
  gateway(index: number): Promise<Part>;
};

export type NodePartsSettings = {
  stores: Pick<Stores, "backends" | "gateway" | "worker">;
  secrets: Secrets;
  ports: Ports;
  limits: boolean;
};

export function createNodeParts({ stores, secrets, ports, limits }: NodePartsSettings): NodeParts {
  const { kid, secret } = secrets.jwtKey;
  const common = {
    SUDA_KEY_PREFIX: stores.backends.keyPrefix,
    SUDA_LIMITS: limits ? "on" : "off",
    SUDA_DRAIN_MS: String(DRAIN_MS),
    SUDA_TIED: "on",
  };

  const part = (
    name: string,
    main: string,
    access: Access,
    healthPort: number,
    port: number,
    settings: Record<string, string>,
  ) => ({
    name,
    port,
    command: () => ({ command: process.execPath, args: [join(ROOT, main)] }),
    env: childEnvironment({
      ...common,
      REDIS_URL: access.redisUrl,
      DATABASE_URL: access.databaseUrl,
      SUDA_NAME: name,
      ...settings,
    }),
    tied: true,
    ready: () => answers(healthPort, "/readyz"),
    alive: () => answers(healthPort, "/healthz"),
    stopSignal: "SIGTERM" as const,
    stopWithinMs: DRAIN_MS + LEAVE_MS,
    checkEveryMs: 1_000,
  });

  return {
    async worker() {
      const port = await ports.of("worker");
      const role = stores.gateway.databaseRole;
      return part("worker", "worker/main.ts", stores.worker, port, port, {
        SUDA_INTERNAL_PORT: String(port),
        ...(role ? { SUDA_GATEWAY_ROLE: role } : {}),
      });
    },
    async gateway(index) {
      const name = `gateway-${index}`;
      const port = await ports.of(name);
      return part(name, "gateway/main.ts", stores.gateway, port, port, {
        SUDA_JWT_KEYS: `${kid}:${secret}`,
        SUDA_PORT: String(port),
        SUDA_INTERNAL_PORT: String(await metricsPort(ports, name)),
      });
    },
  };
}

/** Where a process serves /metrics. */
export function metricsPort(ports: Ports, name: string): Promise<number> {
  return ports.of(name === "worker" ? name : `${name}/internal`);
}
