/** A clock for what cannot be undone: one that was set ahead is believed only after a while, one that was set back at once. */

type Reading = { steady: number; wall: number };

/**
 * @param holdMs how long a clock must have said so.
 * @param clock the one that may be set, and one that nobody sets; both in milliseconds.
 * @returns a function that tells the earliest of what the clock said since `holdMs` before; 0 before that is known.
 */
export function createSteadyTime(
  holdMs: number,
  clock = { wall: () => Date.now(), steady: () => performance.now() },
): () => number {
  let readings: Reading[] = [];
  return () => {
    const now = { steady: clock.steady(), wall: clock.wall() };
    readings.push(now);
    const held = readings.findLastIndex(({ steady }) => steady <= now.steady - holdMs);
    if (held < 0) return 0;
    readings = readings.slice(held);
    return Math.min(...readings.map(({ wall }) => wall));
  };
}
