/** A cluster of the checker's own, with what is needed to break it: its processes, its stores, its commands. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { type Cluster, freePort, isUp, type Minted, ROOT, readBackends } from "../../cluster.ts";
import { signal, spawnTied } from "./processes.ts";

export type FaultCluster = Awaited<ReturnType<typeof startFaultCluster>>;
export type FaultClusterSettings = {
  gateways: number;
  /** Kept afterwards; a folder of its own that is removed when absent. */
  data?: string | undefined;
  /** A Redis in place of the cluster's own, which somebody else starts again when it ends. */
  redis?: { url: string; folder: string; pid: () => number | null };
};

/** The end of a run is in PostgreSQL after a second, not after ten. */
const ARCHIVE_MS = 1_000;
const START_LIMIT_MS = 120_000;
const run = promisify(execFile);

export async function startFaultCluster({ gateways, data: given, redis }: FaultClusterSettings) {
  const data = given ?? mkdtempSync(join(tmpdir(), "suda-faults-"));
  const port = await freePort();
  const settings = {
    SUDA_ARCHIVE_MS: String(ARCHIVE_MS),
    REDIS_URL: redis?.url ?? "",
    DATABASE_URL: "",
    SUDA_KEY_PREFIX: "",
  };
  const options = ["--data", data, "--port", String(port), "--gateways", String(gateways), "--limits", "off"];
  const runner = spawnTied(settings, process.execPath, [scriptOf("main"), ...options]);
  const ended = new Promise<void>((resolve) => runner.once("exit", () => resolve()));

  const command = async (name: string, ...words: string[]): Promise<string> => {
    const { stdout } = await run(process.execPath, [scriptOf(name), ...words, "--data", data], {
      maxBuffer: 64 << 20,
    });
    return stdout;
  };
  const status = async (): Promise<Cluster> => JSON.parse(await command("status", "--json"));
  const isReady = async (): Promise<boolean> => {
    const processes = (await status().catch(() => null))?.processes ?? [];
    return processes.length > 0 && processes.every(({ ready }) => ready);
  };
  const stop = async (): Promise<void> => {
    runner.kill("SIGTERM");
    await ended;
    if (!given) rmSync(data, { recursive: true, force: true });
  };

  for (const deadline = Date.now() + START_LIMIT_MS; !isUp(data) || !(await isReady()); await wait(100)) {
    if (runner.exitCode === null && Date.now() < deadline) continue;
    await stop();
    throw new Error("the cluster did not start");
  }
  const backends = readBackends(data);

  const pidOf = async (name: string): Promise<number> => {
    for (;;) {
      const pid =
        name === "redis" && redis
          ? redis.pid()
          : (await status()).processes.find((each) => each.name === name)?.pid;
      if (pid) return pid;
      await wait(50);
    }
  };

  return {
    data,
    redisFolder: redis?.folder ?? join(data, "redis"),
    address: { host: "127.0.0.1", port },
    url: `http://127.0.0.1:${port}`,
    backends,
    status,
    isReady,
    pidOf,
    /** @returns the pid it was sent to. */
    async signal(name: string, signalName: NodeJS.Signals): Promise<number> {
      const pid = await pidOf(name);
      signal(pid, signalName);
      return pid;
    },
    roll: () => command("roll"),
    scale: (to: number) => command("scale", String(to)),
    grant: ({ user }: Minted, role: string) =>
      command("admin", "grant", `${user.nickname}@suda.invalid`, role),
    async mint(count: number): Promise<Minted[]> {
      const lines = (await command("mint", "--count", String(count))).trimEnd().split("\n");
      return lines.map((line) => JSON.parse(line));
    },
    stop,
  };
}

const scriptOf = (name: string): string => join(ROOT, "infra/local", `${name}.ts`);
