/** Time and chance, passed in so that tests can move one and choose the other. */

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
 * A clock that goes on by `steady` where `wall` is set back: silence and age are told apart by differences, and one that is
 * negative for an hour would make a dead line look alive. Otherwise it is `wall`, which also counts the machine's sleep.
 */
export function neverBack(wall: () => number, steady: () => number): () => number {
  let ahead = 0;
  let last = wall();
  let lastSteady = steady();
  return () => {
    const [now, nowSteady] = [wall() + ahead, steady()];
    const least = Math.round(last + nowSteady - lastSteady);
    if (now < last) ahead += least - now;
    last = now < last ? least : now;
    lastSteady = nowSteady;
    return last;
  };
}

export const systemClock: Clock = {
  now: neverBack(Date.now, () => performance.now()),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  random: Math.random,
};
