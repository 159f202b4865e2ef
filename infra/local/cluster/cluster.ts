/** The whole cluster on one machine. The order here is the order of life; stopping runs backwards. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type StartOptions, urlOf } from "../cli/options.ts";
import { lineOf } from "../cli/problem.ts";
import { createRecorder } from "../data/leftovers.ts";
import { createPorts } from "../data/ports.ts";
import type { Backends } from "../data/runner-file.ts";
import { openSecrets } from "../data/secrets.ts";
import { createNginx } from "../stores/nginx.ts";
import { buildWebClient } from "../stores/web-client.ts";
import { boundLogs } from "../supervise/logs.ts";
import { type Supervised, supervise as superviseIn } from "../supervise/supervisor.ts";
import { createGateways } from "./gateways.ts";
import { createMonitor, type Load } from "./monitor.ts";
import { createNodeParts, metricsPort } from "./node-parts.ts";
import { createStores } from "./store-parts.ts";

export type ProcessStatus = {
  name: string;
  pid: number | null;
  port: number;
  ready: boolean;
  restarts: number;
} & Load;
export type Status = { url: string; processes: ProcessStatus[] };

export type Cluster = {
  readonly backends: Backends;
  start(): Promise<void>;
  status(): Status;
  scale(to: number, tell: (line: string) => void): Promise<void>;
  roll(tell: (line: string) => void): Promise<void>;
  /** nginx takes no new ones, gateways drain, the worker writes what is left, then the stores close. */
  stop(): Promise<void>;
  /** Ends everything at once. */
  kill(): void;
};

/** @param shards of rooms, fixed for the life of the data. @param onBackends the stores are reached in another way now. */
export async function createCluster(
  options: StartOptions,
  say: (line: string) => void,
  { shards, onBackends }: { shards: number; onBackends: () => void },
): Promise<Cluster> {
  const { data, host, port, limits } = options;
  const logs = join(data, "logs");
  mkdirSync(logs, { recursive: true, mode: 0o700 });
  const ports = createPorts(data, port, (name) => {
    say(`${name}: somebody else has its port, it gets another one`);
    void follow(name).catch((error: unknown) => say(lineOf(error)));
  });
  const secrets = openSecrets(data);
  const surroundings = { logs, recorder: createRecorder(data), say };
  const supervise = (part: Supervised["part"]): Supervised => superviseIn(part, surroundings);
  const unbound = boundLogs(logs);

  const stores = await createStores(data, ports, secrets, shards);
  const parts = createNodeParts({ stores, secrets, ports, limits });
  const nginx = createNginx({ folder: join(data, "nginx"), logs, host, port, ports, limits });

  const postgres = stores.postgres && supervise(stores.postgres);
  const redis = stores.redis && supervise(stores.redis);
  const worker = supervise(parts.worker());
  const front = supervise(nginx.part);
  const gateways = createGateways({
    make: parts.gateway,
    supervise,
    nginx,
    nginxProcess: () => (front.ready() ? front : undefined),
  });
  const monitor = createMonitor((name) => metricsPort(ports, name));
  const all = (): Supervised[] =>
    [front, ...gateways.list(), worker, redis, postgres].filter((each) => each !== undefined);

  /** A process reads where the stores are when it starts; nginx reads where gateways are when it is told to. */
  const follow = async (moved: string): Promise<void> => {
    if (gateways.list().some(({ part }) => part.name === moved)) return gateways.republish();
    if (![redis, postgres].some((store) => store?.part.name === moved)) return;
    onBackends();
    const running = [worker, ...gateways.list()].filter((each) => each.pid() !== null);
    await Promise.all(running.map((each) => each.renew()));
  };

  const startPostgres = async (): Promise<void> => {
    await postgres?.start();
    await stores.prepare();
  };

  return {
    get backends() {
      return stores.backends;
    },
    async start() {
      say("Starting PostgreSQL and Redis");
      await Promise.all([startPostgres(), redis?.start(), buildWebClient(say)]);
      say("Starting the worker");
      await worker.start();
      say(`Starting ${options.gateways} ${options.gateways === 1 ? "gateway" : "gateways"}`);
      await gateways.scale(options.gateways, () => undefined);
      say("Starting nginx");
      await front.start();
      monitor.start(() => [worker, ...gateways.list()].map(({ part }) => part.name));
    },
    status: () => ({
      url: urlOf(options),
      processes: all().map((each) => ({
        name: each.part.name,
        pid: each.pid(),
        port: each.part.port,
        ready: each.ready(),
        restarts: each.restarts(),
        ...monitor.load(each.part.name),
      })),
    }),
    scale: gateways.scale,
    roll: gateways.roll,
    async stop() {
      monitor.stop();
      // Its open sockets end as the gateways send them away.
      const nginxLeft = front.stop();
      await gateways.stop();
      await nginxLeft;
      await worker.stop();
      await redis?.stop();
      await postgres?.stop();
      unbound();
    },
    kill() {
      for (const each of all()) each.kill();
    },
  };
}
