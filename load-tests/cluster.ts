/** Finds a running cluster through its commands and the runner's file in the data folder. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, runCommand } from "./support/commands.ts";

/** `clients`: sockets of a gateway, as of the last two seconds. */
export type Process = { name: string; pid: number; port: number; ready: boolean; clients?: number };
export type Cluster = { url: string; processes: Process[] };
export type Backends = { redisUrl: string; databaseUrl: string; keyPrefix: string };

/** @param data folder of the cluster; the default one when absent. @throws Error when none runs there. */
export async function findCluster(data: string | undefined): Promise<Cluster> {
  return JSON.parse(await runCommand("status", ["--json"], { data }));
}

/** The address for its sockets. */
export function addressOf(url: string): { host: string; port: number } {
  const { hostname: host, port } = new URL(url);
  return { host, port: Number(port) };
}

/** The addresses of the cluster's stores, credentials included. */
export function readBackends(data = join(ROOT, ".suda")): Backends {
  return JSON.parse(readFileSync(join(data, "runner.json"), "utf8")).backends;
}
