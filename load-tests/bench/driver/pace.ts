/** Begins many works, so many at a time or so many a second. */
import { setTimeout as wait } from "node:timers/promises";
import type { Pace } from "./orders.ts";

/** @param work gets its index, and the time at which it was due to begin, by performance.now(). Resolves when all are done. */
export async function inPace(
  count: number,
  pace: Pace,
  work: (index: number, dueAt: number) => Promise<void>,
): Promise<void> {
  if ("abreast" in pace) {
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < count) await work(next++, performance.now());
    };
    await Promise.all(Array.from({ length: pace.abreast }, worker));
    return;
  }
  const began = performance.now();
  const works: Promise<void>[] = [];
  while (works.length < count) {
    const upTo = Math.min(count, ((performance.now() - began) / 1_000) * pace.perSecond);
    while (works.length < upTo)
      works.push(work(works.length, began + (works.length / pace.perSecond) * 1_000));
    await wait(1);
  }
  await Promise.all(works);
}
