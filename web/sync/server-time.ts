/** An estimate of the server's clock. `until` and `expiresAt` are by that clock, and a phone's clock may be minutes off. */

/** Differences below this are ignored, because the header has whole seconds. */
const NOISE_MS = 2_000;

export type ServerTime = ReturnType<typeof createServerTime>;

export function createServerTime(now: () => number) {
  let aheadMs = 0;

  return {
    now: () => now() + aheadMs,
    /** The server said that it is `serverMs` (milliseconds since the epoch, cut to a second). */
    observe(serverMs: number) {
      const difference = serverMs + 500 - now();
      aheadMs = Math.abs(difference) < NOISE_MS ? 0 : difference;
    },
  };
}
