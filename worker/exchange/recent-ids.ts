/**
 * Remembers recent client ids in a table of fixed size, so that memory does not grow with the archive. An id that comes
 * again after millions of others is no longer known.
 */

const SLOTS = 1 << 22;

/** @returns a function that remembers an id and returns whether it was known. */
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
    // 53 bits, never 0, which marks an empty slot.
    const hash = (low >>> 0) * 0x200000 + ((high >>> 0) & 0x1fffff) || 1;
    const slot = (low >>> 0) % slots;
    if (seen[slot] === hash) return true;
    seen[slot] = hash;
    return false;
  };
}
