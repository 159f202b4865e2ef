/** `npm start`: starts the cluster, keeps it running, and stops all of it however this process ends. */
import { randomBytes } from "node:crypto";
import { frontOf } from "../nginx/front.ts";
import { GIVEN, settingsWithoutEffect, storesGiven, useStores } from "./cli/environment.ts";
import { optionsToFind, readStartOptions, type StartOptions, urlOf } from "./cli/options.ts";
import { lineOf, Problem, runCommand } from "./cli/problem.ts";
import { type Cluster, createCluster } from "./cluster/cluster.ts";
import { startControlServer } from "./cluster/control-server.ts";
import { createScreen, invitation } from "./cluster/screen.ts";
import { openDataFolder } from "./data/data-folder.ts";
import { findJoined, keepJoined, readJoinFile } from "./data/join-file.ts";
import { listenError } from "./data/ports.ts";
import { type Runner, unlockFolder, updateRunner } from "./data/runner-file.ts";
import { kafkaClassPath, kafkaNeeds } from "./stores/kafka-jars.ts";
import { lookAtMachine, watchMachine } from "./stores/machine-watch.ts";
import { preflight, settingsOf } from "./stores/preflight.ts";
import { NEEDS, requirePrograms } from "./stores/programs.ts";
import { certificateInUse } from "./stores/tls-files.ts";
import { onShutdownSignal } from "./supervise/shutdown-signals.ts";

const screen = createScreen(process.stdout);

async function main(): Promise<void> {
  const options = readStartOptions(process.argv.slice(2));
  const joined = options.join
    ? readJoinFile(options.join)
    : options.fresh
      ? undefined
      : findJoined(options.data);
  if (joined) useStores(joined);
  const config = await settingsOf(options);
  const { shards } = config;
  const front = frontOf(config);
  for (const name of settingsWithoutEffect()) screen.say(`${name} has no effect: npm start chooses it`);
  const startedAt = performance.now();
  const url = urlOf(options, front.tls ? "https" : "http");
  await preflight(options, config, screen.say);
  const runner = await openDataFolder(options, url, screen.say);
  let cluster: Cluster | undefined;
  let control: Runner["control"];
  const isShuttingDown = onShutdownSignal({
    first(reason) {
      screen.close();
      screen.say(`Stopping (${reason})`);
      void shutDown(0);
    },
    second() {
      cluster?.kill();
      unlockFolder(options.data);
      process.exit(1);
    },
  });

  try {
    if (joined) keepJoined(options.data, joined);
    await requirePort(options);
    const needs = [NEEDS.nginx, ...(GIVEN.redisUrl ? [] : [NEEDS.redis])];
    await requirePrograms([...needs, ...(options.kafka ? kafkaNeeds() : [])], screen.say);
    if (options.kafka) await kafkaClassPath(screen.say);
    cluster = await createCluster(options, screen.say, { shards, front, onBackends: recordAddresses });
    await cluster.start();
    const token = randomBytes(24).toString("hex");
    const { port } = await startControlServer(cluster, token);
    control = { port, token };
    recordAddresses();
  } catch (error) {
    // An interrupted start fails; that failure is not reported.
    if (isShuttingDown()) return;
    process.stderr.write(`${lineOf(error)}\n`);
    return shutDown(1);
  }
  welcome(cluster, options, front.publicUrl, performance.now() - startedAt);
  const look = () => lookAtMachine(options.data, front.tls && certificateInUse(options.data));
  watchMachine(look, look(), screen.say);

  /** Records the addresses for the commands, once all are known. */
  function recordAddresses(): void {
    if (cluster && control)
      updateRunner(options.data, {
        ...{ ...runner, control, backends: { ...cluster.backends, shards } },
        given: storesGiven(),
      });
  }

  async function shutDown(code: number): Promise<never> {
    screen.close();
    await cluster?.stop();
    unlockFolder(options.data);
    process.exit(code);
  }
}

function welcome(cluster: Cluster, options: StartOptions, publicUrl: string, tookMs: number): void {
  const { url, processes } = cluster.status();
  const victim = processes.find(({ name }) => name === "gateway-1")?.pid ?? undefined;
  screen.say(`Ready after ${(tookMs / 1_000).toFixed(1)} s\n`);
  for (const line of invitation(publicUrl || url, optionsToFind(options), victim)) screen.say(line);
  screen.show(cluster.status);
}

async function requirePort({ port, host }: StartOptions): Promise<void> {
  const code = await listenError(port, host);
  if (code === "EADDRINUSE") throw new Problem(`Port ${port} is taken: choose another with --port`);
  if (code === "EACCES")
    throw new Problem(`Port ${port} is for root only: choose one above 1023 with --port`);
  if (code) throw new Problem(`Cannot listen on ${host}:${port}: ${code}`);
}

await runCommand(main);
