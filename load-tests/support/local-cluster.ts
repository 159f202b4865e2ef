/** Starts and ends clusters on this machine, for tests and load tests: the real runner, with ports and a folder of its own. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mintUsers, type ProgramOf, ROOT, runCommand, sourcesOf } from "./commands.ts";
import { freePort } from "./free-port.ts";
import { RUNNER, type RunnerOptions, startRunner } from "./runner.ts";

export type ClusterOptions = Pick<RunnerOptions, "openFiles"> & {
  /** The folder of another release of the repository. */
  release?: string;
  /** By default its runner and commands start from their sources, and its own data folder begins empty. */
  quick?: {
    programOf: ProgramOf;
    /** Fills the data folder before the first start. */
    fill: (data: string) => Promise<void>;
  };
  gateways?: number;
  /** Rate limits, connection limits and the spam rule. */
  limits?: boolean;
  /** A Kafka of its own. */
  kafka?: boolean;
  /** Settings of the processes, for instance `{ SUDA_ARCHIVE_MS: "500" }`. */
  env?: Record<string, string>;
  /** A data folder that is kept afterwards, and may already have data. */
  data?: string | undefined;
};

/** Resolves when the cluster serves. @throws Error with the runner's output when it ends instead. */
export async function startLocalCluster({
  gateways = 3,
  limits = false,
  kafka = false,
  env = {},
  data: given,
  release = ROOT,
  quick,
  openFiles,
}: ClusterOptions = {}) {
  const data = given ?? mkdtempSync(join(tmpdir(), "suda-cluster-"));
  if (given === undefined) await quick?.fill(data);
  const programOf = quick?.programOf ?? sourcesOf(release);
  const port = await freePort();
  const args = ["--port", String(port), "--data", data, "--gateways", String(gateways)];
  const program = await programOf(RUNNER);
  const flags = [...(limits ? [] : ["--limits", "off"]), ...(kafka ? ["--kafka"] : [])];
  const runner = startRunner([...args, ...flags], env, { program, openFiles });
  try {
    await runner.ready();
  } catch (error) {
    await runner.end();
    removeOwn();
    throw error;
  }
  const command = (name: string, ...words: string[]): Promise<string> =>
    runCommand(name, words, { data, release, programOf });

  return {
    data,
    port,
    url: `http://127.0.0.1:${port}`,
    runner,
    command,
    scale: (to: number) => command("scale", String(to)),
    roll: () => command("roll"),
    mint: (count: number) => mintUsers(data, count, { release, programOf }),
    /** Stops a cluster in a given folder in order. Kills any other at once and removes its folder. */
    async stop(): Promise<void> {
      await (given === undefined ? runner.end() : runner.stop("SIGTERM"));
      removeOwn();
    },
  };

  function removeOwn(): void {
    // A killed process may hold its files for a moment.
    if (given === undefined) rmSync(data, { recursive: true, force: true, maxRetries: 10 });
  }
}
