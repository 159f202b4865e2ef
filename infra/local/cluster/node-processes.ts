/** The processes that run Suda's own code, the worker and the gateways: their specifications and settings. */
import { childEnvironment } from "../cli/environment.ts";
import type { Ports } from "../data/ports.ts";
import type { Secrets } from "../data/secrets.ts";
import { bundled } from "../supervise/bundle.ts";
import { answers, type ProcessSpec } from "../supervise/process-spec.ts";
import { kafkaSettingsOf } from "./kafka-process.ts";
import type { Access, Stores } from "./store-processes.ts";

/** Time in which a gateway's clients move elsewhere; short, because Ctrl-C waits for it. */
const DRAIN_MS = 3_000;
/** After the drain: for requests in flight and the last batch. */
const AFTER_DRAIN_MS = 4_000;

export type NodeProcesses = {
  worker(): ProcessSpec;
  gateway(index: number): ProcessSpec;
};

export type NodeProcessesSettings = {
  stores: Pick<Stores, "backends" | "gateway" | "worker" | "kafka">;
  secrets: Secrets;
  ports: Ports;
  limits: boolean;
  /** The data folder. */
  data: string;
};

type Shape = {
  name: string;
  main: string;
  /** Names of all its ports; the first serves the health checks. */
  ports: [string, ...string[]];
  access: () => Access;
  settings: () => Record<string, string>;
};

/** Ports and store addresses are read at each start, because they may have changed. */
export function createNodeProcesses({
  stores,
  secrets,
  ports,
  limits,
  data,
}: NodeProcessesSettings): NodeProcesses {
  const { kid, secret } = secrets.jwtKey;
  const common = {
    SUDA_KEY_PREFIX: stores.backends.keyPrefix,
    SUDA_LIMITS: limits ? "on" : "off",
    SUDA_DRAIN_MS: String(DRAIN_MS),
    SUDA_TIED: "on",
  };

  return {
    worker: () =>
      specOf({
        name: "worker",
        main: "worker/main.ts",
        ports: ["worker"],
        access: () => stores.worker,
        settings() {
          const role = stores.gateway.databaseRole;
          return {
            SUDA_INTERNAL_PORT: String(metricsPort(ports, "worker")),
            SUDA_DISK_FOLDER: data,
            SUDA_PUSH_KEY: secrets.pushKey,
            ...(role ? { SUDA_GATEWAY_ROLE: role } : {}),
          };
        },
      }),
    gateway(index) {
      const name = `gateway-${index}`;
      return specOf({
        name,
        main: "gateway/main.ts",
        ports: [name, internal(name)],
        access: () => stores.gateway,
        settings: () => ({
          SUDA_JWT_KEYS: `${kid}:${secret}`,
          SUDA_PORT: String(ports.of(name)),
          SUDA_INTERNAL_PORT: String(metricsPort(ports, name)),
        }),
      });
    },
  };

  function specOf({ name, main, access, ports: names, settings }: Shape): ProcessSpec {
    return {
      name,
      get port() {
        return ports.of(names[0]);
      },
      async command() {
        await Promise.all(names.map((each) => ports.take(each)));
        return { command: process.execPath, args: await bundled(main) };
      },
      env() {
        const { redisUrl, databaseUrl } = access();
        const own = { REDIS_URL: redisUrl, DATABASE_URL: databaseUrl, SUDA_NAME: name };
        const kafka = stores.kafka ? kafkaSettingsOf(stores.kafka.address()) : {};
        return childEnvironment({ ...common, ...kafka, ...own, ...settings() });
      },
      diesWithStdin: true,
      ready: () => answers(ports.of(names[0]), "/readyz"),
      alive: () => answers(ports.of(names[0]), "/healthz"),
      stopSignal: "SIGTERM",
      stopWithinMs: DRAIN_MS + AFTER_DRAIN_MS,
      checkEveryMs: 1_000,
    };
  }
}

const internal = (name: string): string => `${name}/internal`;

/** Where a process serves /metrics. */
export function metricsPort(ports: Ports, name: string): number {
  return ports.of(name === "worker" ? name : internal(name));
}
