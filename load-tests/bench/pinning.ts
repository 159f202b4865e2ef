/** Keeps the servers off the driver's core, with `taskset`. Without it, or on one core, nothing is pinned. */
import { spawnSync } from "node:child_process";
import { cpus } from "node:os";

export type Cores = { servers: string; driver: string };

/** Moves this process, and so all that it starts from now on, to the cores of the servers. */
export function pinApart(): Cores | undefined {
  // A process that is pinned already sees fewer cores.
  const count = cpus().length;
  if (count < 2) return undefined;
  const servers = count === 2 ? "0" : `0-${count - 2}`;
  return pinTo(servers) ? { servers, driver: String(count - 1) } : undefined;
}

/** @returns whether it could be done. */
export function pinTo(cores: string): boolean {
  return spawnSync("taskset", ["-pc", cores, String(process.pid)], { stdio: "ignore" }).status === 0;
}
