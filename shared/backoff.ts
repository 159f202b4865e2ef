/** Retry delays with full jitter, the same for the browser, the load driver and the servers. */

/**
 * The delay in ms before retry number `attempt` (from 0): a random part of a bound that doubles up to `maxMs`.
 * Source: the "full jitter" scheme of the AWS architecture blog, "Exponential Backoff And Jitter" (2015).
 */
export function backoffMs(attempt: number, firstMs: number, maxMs: number, random = Math.random): number {
  return random() * Math.min(maxMs, firstMs * 2 ** Math.min(attempt, 30));
}
