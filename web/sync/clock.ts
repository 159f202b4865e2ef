/** Time and randomness, passed in so that a test can control both. */

export type Cancel = () => void;

export type Clock = {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `run` once, `ms` from now, unless cancelled. */
  after(ms: number, run: () => void): Cancel;
  /** At least 0, below 1. */
  random(): number;
};

/**
 * @returns a clock that follows `wall`, which also counts the machine's sleep. If `wall` is set back, the clock
 * continues by `steady` instead, because a difference that is negative for an hour would make a dead connection look
 * alive.
 */
export function monotonic(wall: () => number, steady: () => number): () => number {
  let ahead = 0;
  let last = wall();
  let lastSteady = steady();
  return () => {
    const [now, nowSteady] = [wall() + ahead, steady()];
    const min = Math.round(last + nowSteady - lastSteady);
    if (now < last) ahead += min - now;
    last = now < last ? min : now;
    lastSteady = nowSteady;
    return last;
  };
}

export const systemClock: Clock = {
  now: monotonic(Date.now, () => performance.now()),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  random: Math.random,
};
