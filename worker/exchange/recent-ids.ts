/**
 * Which client ids came lately: a table of fixed size, so that memory does not grow with the archive. One that comes again after
 * millions of others is not known any more.
 */

const SLOTS = 1 << 22;

/** @returns whether the id was among the last ones; it is from now on. */
export function createRecentIds(slots = SLOTS): (id: string) => boolean {
  const seen = new Float64Array(slots);
  return (id) => {
    let [low, high] = [0x811c9dc5, 0x9747b28c];
    for (let i = 0; i < id.length; i++) {
      const code = id.charCodeAt(i);
      low = Math.imul(low ^ code, 0x01000193);
      high = Math.imul(high ^ code, 0x5bd1e995);
      high ^= high >>> 15;
    }
    // 53 bits, and never the 0 of an empty slot.
    const hash = (low >>> 0) * 0x200000 + ((high >>> 0) & 0x1fffff) || 1;
    const slot = (low >>> 0) % slots;
    if (seen[slot] === hash) return true;
    seen[slot] = hash;
    return false;
  };
}
