/** The processes that are Suda's own code: the worker and the gateways. */
import { join } from "node:path";
import { childEnvironment } from "../cli/environment.ts";
import { ROOT } from "../cli/options.ts";
import type { Ports } from "../data/ports.ts";
import type { Secrets } from "../data/secrets.ts";
import { answers, type Part } from "../supervise/process-spec.ts";
import type { Access, Stores } from "./store-parts.ts";

/** What a gateway gives its clients to move elsewhere; short, since Ctrl-C waits for it. */
const DRAIN_MS = 3_000;
/** Beyond the drain: requests in flight, the last batch. */
const LEAVE_MS = 4_000;

export type NodeParts = {
  worker(): Part;
  gateway(index: number): Part;
};

export type NodePartsSettings = {
  stores: Pick<Stores, "backends" | "gateway" | "worker">;
  secrets: Secrets;
  ports: Ports;
  limits: boolean;
};

type Shape = {
  name: string;
  main: string;
  /** Names of all its ports; the first is where it says how it is. */
  ports: [string, ...string[]];
  access: () => Access;
  settings: () => Record<string, string>;
};

/** Ports and the ways to the stores may be others at each start. */
export function createNodeParts({ stores, secrets, ports, limits }: NodePartsSettings): NodeParts {
  const { kid, secret } = secrets.jwtKey;
  const common = {
    SUDA_KEY_PREFIX: stores.backends.keyPrefix,
    SUDA_LIMITS: limits ? "on" : "off",
    SUDA_DRAIN_MS: String(DRAIN_MS),
    SUDA_TIED: "on",
  };

  const part = ({ name, main, access, ports: names, settings }: Shape): Part => ({
    name,
    get port() {
      return ports.of(names[0]);
    },
    async command() {
      await Promise.all(names.map((each) => ports.take(each)));
      return { command: process.execPath, args: [join(ROOT, main)] };
    },
    env() {
      const { redisUrl, databaseUrl } = access();
      const own = { REDIS_URL: redisUrl, DATABASE_URL: databaseUrl, SUDA_NAME: name };
      return childEnvironment({ ...common, ...own, ...settings() });
    },
    tied: true,
    ready: () => answers(ports.of(names[0]), "/readyz"),
    alive: () => answers(ports.of(names[0]), "/healthz"),
    stopSignal: "SIGTERM",
    stopWithinMs: DRAIN_MS + LEAVE_MS,
    checkEveryMs: 1_000,
  });

  return {
    worker: () =>
      part({
        ...{ name: "worker", main: "worker/main.ts", ports: ["worker"], access: () => stores.worker },
        settings() {
          const role = stores.gateway.databaseRole;
          return {
            SUDA_INTERNAL_PORT: String(metricsPort(ports, "worker")),
            ...(role ? { SUDA_GATEWAY_ROLE: role } : {}),
          };
        },
      }),
    gateway(index) {
      const name = `gateway-${index}`;
      return part({
        ...{ name, main: "gateway/main.ts", ports: [name, internal(name)], access: () => stores.gateway },
        settings: () => ({
          SUDA_JWT_KEYS: `${kid}:${secret}`,
          SUDA_PORT: String(ports.of(name)),
          SUDA_INTERNAL_PORT: String(metricsPort(ports, name)),
        }),
      });
    },
  };
}

const internal = (name: string): string => `${name}/internal`;

/** Where a process serves /metrics. */
export function metricsPort(ports: Ports, name: string): number {
  return ports.of(name === "worker" ? name : internal(name));
}
