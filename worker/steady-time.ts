/** A clock for deletions, which cannot be undone: a jump ahead takes effect after a delay, a jump back at once. */

type Reading = { steady: number; wall: number };

/**
 * @param holdMs the delay of a jump ahead.
 * @param clock `wall` may be set, `steady` is monotonic; both in ms.
 * @returns a function that returns the earliest reading of `wall` during the last `holdMs`; 0 until there are readings for that long.
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
