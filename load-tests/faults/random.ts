/** Random choices that can be repeated by their seed. They choose the faults; the effect depends on the machine. */
export type Random = {
  /** From 0 to below 1. */
  next: () => number;
  between: (min: number, max: number) => number;
  pick: <T>(from: readonly T[]) => T;
};

/** mulberry32, by Tommy Ettinger (public domain): small, and good enough to choose faults. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;

  return {
    next,
    between: (min, max) => min + next() * (max - min),
    pick(from) {
      const picked = from[Math.floor(next() * from.length)];
      if (picked === undefined) throw new RangeError("nothing to pick from");
      return picked;
    },
  };

  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}
