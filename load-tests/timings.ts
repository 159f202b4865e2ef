/** Formats times of one kind, in ms. Pure. */

export const quantile = (sorted: number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.POSITIVE_INFINITY;
export const inOrder = (values: number[]): number[] => values.toSorted((a, b) => a - b);
export const shown = (values: number[]): string => {
  const sorted = inOrder(values);
  const at = (share: number): string => quantile(sorted, share).toFixed(1);
  return `${sorted.length} times, p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`;
};
