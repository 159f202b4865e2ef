/** A histogram of latencies: one counter for each tenth of a millisecond, so millions of values need no more memory. */
export type Histogram = ReturnType<typeof createHistogram>;

const PER_MS = 10;
const MAX_MS = 60_000;

export function createHistogram() {
  const counts = new Uint32Array(MAX_MS * PER_MS + 1);
  let total = 0;
  return {
    add(ms: number): void {
      const bucket = Math.min(counts.length - 1, Math.max(0, Math.round(ms * PER_MS)));
      counts[bucket] = (counts[bucket] ?? 0) + 1;
      total++;
    },
    clear(): void {
      counts.fill(0);
      total = 0;
    },
    count: () => total,
    /** @param share from 0 to 1. @returns milliseconds; 0 when nothing was added. */
    quantile(share: number): number {
      let left = Math.ceil(total * share);
      const bucket = counts.findIndex((count) => {
        left -= count;
        return left <= 0;
      });
      return Math.max(0, bucket) / PER_MS;
    },
  };
}
