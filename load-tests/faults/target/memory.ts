/** Reads the resident memory of a cluster's processes. */
import type { FaultCluster } from "./fault-cluster.ts";
import { residentMiB } from "./processes.ts";

/** Resident memory of each process, in MiB. */
export type Memory = readonly { name: string; pid: number; mib: number }[];

const KINDS = /^(gateway-|worker$|redis$)/;

/** Reads the memory of the gateways, the worker and Redis. */
export async function readMemory(cluster: FaultCluster): Promise<Memory> {
  const { processes } = await cluster.status();
  const pids = new Map(processes.map(({ name, pid }) => [name, pid]));
  // A Redis behind a relay is not a process of the runner.
  pids.set("redis", await cluster.pidOf("redis"));
  return [...pids]
    .filter(([name]) => KINDS.test(name))
    .map(([name, pid]) => ({ name, pid: Number(pid), mib: Math.round(residentMiB(pid)) }));
}

/** The memory of the largest process of a kind. @param kind prefix of its name. */
export const largest = (memory: Memory, kind: string): number =>
  Math.max(...memory.filter(({ name }) => name.startsWith(kind)).map(({ mib }) => mib));
