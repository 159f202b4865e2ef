/** Finds a running cluster, or starts one, by the commands that people use too. */
import { execFile, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";

/** `clients`: sockets of a gateway, as of the last two seconds. */
export type Process = { name: string; pid: number; port: number; ready: boolean; clients?: number };
export type Cluster = { url: string; processes: Process[] };
export type Minted = { user: { id: string; nickname: string }; accessToken: string };

export const ROOT = join(import.meta.dirname, "..");
const START_LIMIT_MS = 120_000;
const run = promisify(execFile);

async function command(script: string, data: string | undefined, more: string[]): Promise<string> {
  const where = data ? ["--data", data] : [];
  try {
    const file = join(ROOT, "infra/local", `${script}.ts`);
    const words = [file, ...more, ...where];
    return (await run(process.execPath, words, { cwd: ROOT, maxBuffer: 1 << 28 })).stdout;
  } catch (error) {
    const { stderr = "", message } = error as Error & { stderr?: string };
    throw new Error(stderr.trim() || message, { cause: error });
  }
}

/** @param data folder of the cluster; the usual one when absent. @throws Error when none runs there. */
export async function findCluster(data: string | undefined): Promise<Cluster> {
  return JSON.parse(await command("status", data, ["--json"]));
}

/** Where its sockets are opened. */
export function addressOf(url: string): { host: string; port: number } {
  const { hostname: host, port } = new URL(url);
  return { host, port: Number(port) };
}

/** Users with a token each, made without hashing a password. */
export async function mintUsers(data: string | undefined, count: number): Promise<Minted[]> {
  const lines = (await command("mint", data, ["--count", String(count)])).trim().split("\n");
  return lines.map((line) => JSON.parse(line));
}

export type Backends = { redisUrl: string; databaseUrl: string; keyPrefix: string };

/** How the cluster's stores are reached: the runner's own note, in the data folder. */
export function readBackends(data = join(ROOT, ".suda")): Backends {
  return JSON.parse(readFileSync(join(data, "runner.json"), "utf8")).backends;
}

/** Whether the cluster of this folder has been brought up: until then there is nobody whom a command could ask. */
export function isUp(data: string): boolean {
  try {
    return "control" in JSON.parse(readFileSync(join(data, "runner.json"), "utf8"));
  } catch {
    return false;
  }
}

export type OwnCluster = { data: string; stop: () => Promise<void> };

/** Starts a cluster of three gateways without limits in a folder of its own; `stop` leaves nothing behind. */
export async function startCluster(): Promise<OwnCluster> {
  const data = await mkdtemp(join(tmpdir(), "suda-load-"));
  const options = ["--data", data, "--port", String(await freePort()), "--limits", "off"];
  const runner = spawn("npm", ["start", "--", ...options], {
    cwd: ROOT,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = new Promise<void>((resolve) => runner.once("exit", () => resolve()));
  const stop = async (): Promise<void> => {
    runner.kill("SIGINT");
    await ended;
    await rm(data, { recursive: true, force: true });
  };
  for (const deadline = Date.now() + START_LIMIT_MS; ; await wait(250)) {
    const cluster = await findCluster(data).catch(() => null);
    if (cluster && cluster.processes.length > 0 && cluster.processes.every(({ ready }) => ready))
      return { data, stop };
    if (runner.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error("the cluster did not start");
    }
  }
}

/** Below the ports that the system gives to outgoing connections. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const free = await new Promise<boolean>((resolve) => {
      const server = createServer();
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
    });
    if (free) return port;
  }
}
