/** Judges whether the processes of a cluster grow from round to round of a mix. Pure. */
import type { Memory } from "../target/memory.ts";
import { spreadOf } from "./spread.ts";

/** A process that lived for fewer rounds is not judged, because its heap first grows to its size. */
export const MIN_ROUNDS = 8;
const WARM_UP_ROUNDS = 2;
/** Rounds whose median is compared. */
const COMPARED_ROUNDS = 3;
/** Growth beyond both exceeds normal fluctuation. */
const MAX_GROWTH = { share: 1.25, mib: 40 };
/** Each round has a room of its own, and Redis keeps the newest events of every room. */
const REDIS_MIB_PER_ROUND = 0.5;

/**
 * Compares the memory of each process at the end with that after its warm-up. Processes are told apart by pid, because
 * faults replace them and a new one is small.
 * @returns a line for each process that grew. Processes that lived too briefly are not judged.
 */
export function grownIn(rounds: readonly Memory[]): string[] {
  const lives = new Map<string, number[]>();
  for (const { name, pid, mib } of rounds.flat()) {
    const life = `${name} (pid ${pid})`;
    lives.set(life, [...(lives.get(life) ?? []), mib]);
  }
  return [...lives].flatMap(([life, held]) => {
    if (held.length < MIN_ROUNDS) return [];
    const early = spreadOf(held.slice(WARM_UP_ROUNDS, WARM_UP_ROUNDS + COMPARED_ROUNDS)).p50;
    const recent = spreadOf(held.slice(-COMPARED_ROUNDS)).p50;
    const expected = life.startsWith("redis") ? held.length * REDIS_MIB_PER_ROUND : 0;
    if (recent - expected <= Math.max(early * MAX_GROWTH.share, early + MAX_GROWTH.mib)) return [];
    return [`${life} grew from ${early} to ${recent} MiB in ${held.length} rounds`];
  });
}
