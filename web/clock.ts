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

export const systemClock: Clock = {
  now: Date.now,
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  random: Math.random,
};
