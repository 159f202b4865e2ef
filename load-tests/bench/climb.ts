/** Finds the highest rate of messages that a contender keeps up with. */
import type { Trial } from "./scenario.ts";
import type { Measured } from "./trial.ts";

const FACTOR = 1.5;
const MAX_STEPS = 16;
const MIN_ANSWERED = 0.95;
const MAX_P99_MS = 1_000;

/** Each step half as much again, until one falls behind; then one between the two last ones. @returns the best that kept up. */
export async function climb(
  talkAt: (rate: number) => ReturnType<Trial["talk"]>,
  from: number,
): Promise<Measured | undefined> {
  let best: Measured | undefined;
  let rate = from;
  for (let steps = 0; steps < MAX_STEPS; steps++, rate *= FACTOR) {
    const measured = await talkAt(Math.round(rate));
    if (!keepsUp(measured)) break;
    best = measured;
  }
  const between = await talkAt(Math.round(rate / Math.sqrt(FACTOR)));
  return keepsUp(between) ? between : best;
}

function keepsUp({ sent, acknowledged, p99 }: Measured): boolean {
  return acknowledged >= sent * MIN_ANSWERED && p99 >= 0 && p99 <= MAX_P99_MS;
}
