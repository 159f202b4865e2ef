/** Finds the highest rate of messages that a contender keeps up with. */
import type { Measured, Trial } from "./scenario.ts";

const FACTOR = 1.5;
const MAX_STEPS = 16;
/** One failure may be that of the machine. */
const TRIES = 2;
const MIN_ANSWERED = 0.95;
const MAX_P99_MS = 1_000;

/** `best`: the highest step that kept up, if any. `steps`: all of them. */
export type Climb = { best: Measured | undefined; steps: Measured[] };

/** Each step half as much again, until one falls behind twice; then one between the two last ones. */
export async function climb(
  talkAt: (rate: number) => ReturnType<Trial["talk"]>,
  from: number,
): Promise<Climb> {
  const steps: Measured[] = [];
  let best: Measured | undefined;
  let rate = from;
  for (let count = 0; count < MAX_STEPS && (await goesAt(rate)); count++) rate *= FACTOR;
  await goesAt(rate / Math.sqrt(FACTOR));
  return { best, steps };

  async function goesAt(rate: number): Promise<boolean> {
    for (let tries = 0; tries < TRIES; tries++) {
      const measured = await talkAt(Math.round(rate));
      steps.push(measured);
      if (!keepsUp(measured)) continue;
      best = measured;
      return true;
    }
    return false;
  }
}

function keepsUp({ sent, acknowledged, p99 }: Measured): boolean {
  return acknowledged >= sent * MIN_ANSWERED && p99 >= 0 && p99 <= MAX_P99_MS;
}
