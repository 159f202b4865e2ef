/** Finds a running cluster through the runner's file in its data folder. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./support/commands.ts";

/** `clients`: sockets of a gateway, as of the last two seconds. */
export type Process = { name: string; pid: number; port: number; ready: boolean; clients?: number };
export type Cluster = { url: string; processes: Process[] };
export type Backends = { redisUrl: string; databaseUrl: string; keyPrefix: string };

const DEFAULT_DATA = join(ROOT, ".suda");

/**
 * Asks the runner itself, because a command at each poll would be one more process on the cores of the cluster.
 * @param data folder of the cluster; the default one when absent. @throws Error when none runs there.
 */
export async function findCluster(data = DEFAULT_DATA): Promise<Cluster> {
  try {
    const { port, token } = readRunner(data).control;
    const headers = { authorization: `Bearer ${token}` };
    return (await (await fetch(`http://127.0.0.1:${port}/status`, { headers })).json()) as Cluster;
  } catch (error) {
    throw new Error(`no cluster runs in ${data}`, { cause: error });
  }
}

/** The address for its sockets. */
export function addressOf(url: string): { host: string; port: number } {
  const { hostname: host, port } = new URL(url);
  return { host, port: Number(port) };
}

/** The addresses of the cluster's stores, credentials included. */
export function readBackends(data = DEFAULT_DATA): Backends {
  return readRunner(data).backends;
}

function readRunner(data: string): { control: { port: number; token: string }; backends: Backends } {
  return JSON.parse(readFileSync(join(data, "runner.json"), "utf8"));
}
