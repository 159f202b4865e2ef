/** What the processes of a cluster hold of memory, and whether that grows from round to round of a mix. */
import type { FaultCluster } from "./cluster.ts";
import { residentMiB } from "./processes.ts";
import { spreadOf } from "./spread.ts";

/** MiB that are resident: of the largest gateway, the worker, Redis. */
export type Memory = { gateway: number; worker: number; redis: number };

/** Of fewer rounds nothing can be told. */
export const LEAST_ROUNDS = 20;
/** What grows by more than both does not only breathe. */
const GROWTH = { share: 1.25, mib: 40 };

export async function readMemory(cluster: FaultCluster): Promise<Memory> {
  const { processes } = await cluster.status();
  const largest = (kind: RegExp): number =>
    Math.max(...processes.filter(({ name }) => kind.test(name)).map(({ pid }) => residentMiB(pid)));
  return {
    gateway: Math.round(largest(/^gateway-/)),
    worker: Math.round(largest(/^worker$/)),
    redis: Math.round(residentMiB(await cluster.pidOf("redis"))),
  };
}

/**
 * Compares the last quarter of the rounds with the second: the first is the time in which heaps find their size.
 * @returns a line for each kind of process that grew; none when there were too few rounds to tell.
 */
export function grownIn(rounds: readonly Memory[]): string[] {
  if (rounds.length < LEAST_ROUNDS) return [];
  const quarter = Math.floor(rounds.length / 4);
  const usual = (some: readonly Memory[], kind: keyof Memory): number =>
    spreadOf(some.map((memory) => memory[kind])).p50;
  return (["gateway", "worker", "redis"] as const).flatMap((kind) => {
    const early = usual(rounds.slice(quarter, 2 * quarter), kind);
    const late = usual(rounds.slice(-quarter), kind);
    if (late <= Math.max(early * GROWTH.share, early + GROWTH.mib)) return [];
    return [`${kind} grew from ${early} to ${late} MiB in ${rounds.length} rounds`];
  });
}
