/** A second machine of a cluster: a runner with a data folder of its own that joins the stores of the first, and can die whole. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findCluster } from "../../cluster.ts";
import { freePort } from "../../support/free-port.ts";
import { startRunner } from "../../support/runner.ts";
import type { FaultCluster } from "./fault-cluster.ts";
import { signal, treeOf } from "./processes.ts";

export type SecondMachine = Awaited<ReturnType<typeof startSecondMachine>>;

const GATEWAYS = 2;

/** @param first its stores are those of both machines. @throws Error when the second one does not start. */
export async function startSecondMachine(first: FaultCluster) {
  const folder = mkdtempSync(join(tmpdir(), "suda-second-machine-"));
  const data = join(folder, "data");
  const port = await freePort();
  const file = writeJoinFile(folder, first);
  let runner = begin();
  await ready();

  return {
    address: { host: "127.0.0.1", port },
    /** SIGKILL of its runner and of all its processes and their children, in one moment. */
    async die(): Promise<void> {
      const { processes } = await findCluster(data);
      const roots = [runner.pid, ...processes.map(({ pid }) => pid)];
      for (const pid of new Set(roots.flatMap(treeOf))) signal(pid, "SIGKILL");
      await runner.gone;
    },
    /** Starts it again in its folder. */
    async comeBack(): Promise<void> {
      runner = begin();
      await ready();
    },
    async stop(): Promise<void> {
      await runner.end();
      rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };

  function begin(): ReturnType<typeof startRunner> {
    const place = ["--port", String(port), "--data", data, "--gateways", String(GATEWAYS)];
    return startRunner([...place, "--limits", "off", "--join", file], first.settings);
  }

  async function ready(): Promise<void> {
    try {
      await runner.ready();
    } catch (error) {
      rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
      throw error;
    }
  }
}

/** The first machine has stores of its own, for which `secrets -- --show` prints no file. */
function writeJoinFile(folder: string, { data, backends }: FaultCluster): string {
  const { jwtKey } = JSON.parse(readFileSync(join(data, "secrets.json"), "utf8"));
  const { redisUrl, databaseUrl } = backends;
  const file = join(folder, "join");
  writeFileSync(file, JSON.stringify({ redisUrl, databaseUrl, jwtKey }));
  chmodSync(file, 0o600);
  return file;
}
