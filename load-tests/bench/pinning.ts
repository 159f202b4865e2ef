/** Keeps the servers off the driver's core, with `taskset`. Without it, or on one core, nothing is pinned. */
import { spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";

export type Cores = { servers: string; driver: string };

/** Moves this process, and so all that it starts from now on, to the cores of the servers. */
export function pinApart(): Cores | undefined {
  const count = availableParallelism();
  if (count < 2) return undefined;
  const servers = count === 2 ? "0" : `0-${count - 2}`;
  const { status } = spawnSync("taskset", ["-pc", servers, String(process.pid)], { stdio: "ignore" });
  return status === 0 ? { servers, driver: String(count - 1) } : undefined;
}
