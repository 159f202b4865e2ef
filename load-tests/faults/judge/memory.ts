/** What the processes of a cluster hold of memory, and whether that grows from round to round of a mix. */
import type { FaultCluster } from "../target/fault-cluster.ts";
import { residentMiB } from "../target/processes.ts";
import { spreadOf } from "./spread.ts";

/** What each process holds that is resident, in MiB. */
export type Memory = readonly { name: string; pid: number; mib: number }[];

const KINDS = /^(gateway-|worker$|redis$)/;
/** Of a process that lived for fewer rounds nothing can be told; the first ones are the time in which a heap finds its size. */
export const LEAST_ROUNDS = 8;
const WARM_UP = 2;
/** Rounds whose middle is compared. */
const SOME = 3;
/** What grows by more than both does not only breathe. */
const GROWTH = { share: 1.25, mib: 40 };
/** Each round has a room of its own, and Redis keeps the newest events of every room. */
const REDIS_MIB_PER_ROUND = 0.5;

export async function readMemory(cluster: FaultCluster): Promise<Memory> {
  const { processes } = await cluster.status();
  const pids = new Map(processes.map(({ name, pid }) => [name, pid]));
  // Where Redis stands behind a proxy it is no process of the runner.
  pids.set("redis", await cluster.pidOf("redis"));
  return [...pids]
    .filter(([name]) => KINDS.test(name))
    .map(([name, pid]) => ({ name, pid: Number(pid), mib: Math.round(residentMiB(pid)) }));
}

/** What the largest process of a kind holds. @param kind how its name begins. */
export const largest = (memory: Memory, kind: string): number =>
  Math.max(...memory.filter(({ name }) => name.startsWith(kind)).map(({ mib }) => mib));

/**
 * Holds what each process holds in the end against what it held when it was warm: faults start others in the place of many,
 * and those are small again.
 * @returns a line for each process that grew; none for those that did not live for long enough to tell.
 */
export function grownIn(rounds: readonly Memory[]): string[] {
  const lives = new Map<string, number[]>();
  for (const { name, pid, mib } of rounds.flat()) {
    const life = `${name} (pid ${pid})`;
    lives.set(life, [...(lives.get(life) ?? []), mib]);
  }
  return [...lives].flatMap(([life, held]) => {
    if (held.length < LEAST_ROUNDS) return [];
    const early = spreadOf(held.slice(WARM_UP, WARM_UP + SOME)).p50;
    const late = spreadOf(held.slice(-SOME)).p50;
    const kept = life.startsWith("redis") ? held.length * REDIS_MIB_PER_ROUND : 0;
    if (late - kept <= Math.max(early * GROWTH.share, early + GROWTH.mib)) return [];
    return [`${life} grew from ${early} to ${late} MiB in ${held.length} rounds`];
  });
}
