/** The whole cluster on one machine. Owns the set of processes and the order of their start and stop. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Member } from "../../../shared/server/membership/membership-queries.ts";
import { type Front, publicHostOf } from "../../nginx/front.ts";
import { GIVEN } from "../cli/environment.ts";
import { type StartOptions, urlOf } from "../cli/options.ts";
import { lineOf } from "../cli/problem.ts";
import { createRecorder } from "../data/orphans.ts";
import { createPorts, plainPort } from "../data/ports.ts";
import type { Backends } from "../data/runner-file.ts";
import { openSecrets } from "../data/secrets.ts";
import { requireConnections } from "../stores/connections.ts";
import { createNginx } from "../stores/nginx.ts";
import { openTlsFiles, tlsFolder } from "../stores/tls-files.ts";
import { buildWebClient } from "../stores/web-client.ts";
import { boundLogs } from "../supervise/logs.ts";
import type { ProcessSpec } from "../supervise/process-spec.ts";
import { type ManagedProcess, supervise } from "../supervise/supervisor.ts";
import { createGateways } from "./gateways.ts";
import { createMonitor, type Load } from "./monitor.ts";
import { createNodeProcesses, metricsPort } from "./node-processes.ts";
import { openRunnerMembership } from "./runner-membership.ts";
import { createStores } from "./store-processes.ts";

export type ProcessStatus = {
  name: string;
  pid: number | null;
  port: number;
  ready: boolean;
  restarts: number;
} & Load;
/** `others`: the processes of other machines; only with a database that was given. */
export type Status = { url: string; processes: ProcessStatus[]; others?: Member[] };

export type Cluster = {
  readonly backends: Backends;
  start(): Promise<void>;
  status(): Status;
  /** Makes the numbers of `status` those of this moment, as far as the processes answer soon. */
  refresh(): Promise<void>;
  scale(to: number, report: (line: string) => void): Promise<void>;
  roll(report: (line: string) => void): Promise<void>;
  /** In reverse: nginx takes no new sockets, gateways drain, the worker writes the rest, then the stores close. */
  stop(): Promise<void>;
  /** SIGKILL for all processes. */
  kill(): void;
};

/** @param shards of rooms, fixed for the life of the data. @param onBackends called when a store has another address. */
export async function createCluster(
  options: Pick<StartOptions, "data" | "host" | "port" | "gateways" | "limits" | "kafka">,
  say: (line: string) => void,
  { shards, front, onBackends }: { shards: number; front: Front; onBackends: () => void },
): Promise<Cluster> {
  const { data, host, port, limits } = options;
  const url = urlOf(options, front.tls ? "https" : "http");
  const logs = join(data, "logs");
  mkdirSync(logs, { recursive: true, mode: 0o700 });
  const ports = createPorts(data, port, onPortMoved);
  const secrets = openSecrets(data);
  const context = { logs, recorder: createRecorder(data), say };
  const manage = (spec: ProcessSpec): ManagedProcess => supervise(spec, context);
  const stopBoundingLogs = boundLogs(logs);

  const stores = await createStores(data, ports, secrets, { shards, runsKafka: options.kafka });
  const tls = front.tls && openTlsFiles(front.tls, tlsFolder(data), publicHostOf(front), say);
  const nodes = createNodeProcesses({ stores, secrets, ports, limits, data });
  const nginx = createNginx({
    ...{ folder: join(data, "nginx"), logs, host, port, ports, limits },
    front: { ...front, tls: tls && { ...tls.files, plain: await plainPort(options) } },
  });

  const postgres = stores.postgres && manage(stores.postgres);
  const redis = stores.redis && manage(stores.redis);
  const kafka = stores.kafka && manage(stores.kafka.spec);
  const worker = manage(nodes.worker());
  const nginxProcess = manage(nginx.spec);
  const gateways = createGateways({
    specOf: nodes.gateway,
    supervise: manage,
    nginx,
    runningNginx: () => (nginxProcess.ready() ? nginxProcess : undefined),
  });
  const membership = GIVEN.databaseUrl
    ? openRunnerMembership({
        ...{ backends: stores.backends, jwtKey: secrets.jwtKey, shards, url, say },
        own: () => all().map((each) => each.pid()),
      })
    : undefined;
  const monitor = createMonitor((name) => metricsPort(ports, name));

  return {
    get backends() {
      return stores.backends;
    },
    start,
    status: () => ({
      url,
      processes: all().map(statusOf),
      ...(membership ? { others: membership.others() } : {}),
    }),
    refresh: monitor.refresh,
    async scale(to, report) {
      const grows = to > gateways.list().length;
      if (grows) await requireConnections(stores.backends.databaseUrl, { data, gateways: to }, report);
      await gateways.scale(to, report);
    },
    roll: gateways.roll,
    stop,
    kill() {
      for (const each of all()) each.kill();
    },
  };

  async function start(): Promise<void> {
    say(`Starting PostgreSQL and Redis${kafka ? ", and Kafka" : ""}`);
    // Chat does not wait for Kafka, only the word that all is ready does.
    const kafkaStarted = kafka?.start();
    kafkaStarted?.catch(() => undefined);
    await Promise.all([startPostgres(), redis?.start(), buildWebClient(say)]);
    await membership?.join();
    say("Starting the worker");
    await worker.start();
    say(`Starting ${options.gateways} ${options.gateways === 1 ? "gateway" : "gateways"}`);
    await gateways.scale(options.gateways, () => undefined);
    say("Starting nginx");
    await nginxProcess.start();
    tls?.watch(gateways.republish);
    await kafkaStarted;
    monitor.start(() => [worker, ...gateways.list()].map(({ spec }) => spec.name));
  }

  async function startPostgres(): Promise<void> {
    await postgres?.start();
    await stores.prepare();
  }

  async function stop(): Promise<void> {
    monitor.stop();
    tls?.stop();
    // nginx exits when its last socket has ended, and the gateways end those.
    const nginxStopped = nginxProcess.stop();
    await gateways.stop();
    await nginxStopped;
    await worker.stop();
    await kafka?.stop();
    await membership?.leave();
    await redis?.stop();
    await postgres?.stop();
    stopBoundingLogs();
  }

  function all(): ManagedProcess[] {
    const every = [nginxProcess, ...gateways.list(), worker, redis, postgres, kafka];
    return every.filter((each) => each !== undefined);
  }

  function statusOf(managed: ManagedProcess): ProcessStatus {
    const { name, port } = managed.spec;
    return {
      name,
      pid: managed.pid() ?? null,
      port,
      ready: managed.ready(),
      restarts: managed.restarts(),
      ...monitor.load(name),
    };
  }

  function onPortMoved(name: string): void {
    say(`${name}: somebody else has its port, it gets another one`);
    void announcePort(name).catch((error: unknown) => say(lineOf(error)));
  }

  /** nginx reads the ports of gateways at a reload; a process reads the addresses of the stores when it starts. */
  async function announcePort(moved: string): Promise<void> {
    if (gateways.list().some(({ spec }) => spec.name === moved)) return gateways.republish();
    if (![redis, postgres, kafka].some((store) => store?.spec.name === moved)) return;
    onBackends();
    const running = [worker, ...gateways.list()].filter((each) => each.pid() !== undefined);
    await Promise.all(running.map((each) => each.restart()));
  }
}
