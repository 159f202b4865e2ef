/** The server's clock as seen from here: `until` and `expiresAt` are by that one, and a phone's clock may be minutes off. */

/** The header tells whole seconds, so smaller differences mean nothing. */
const NOISE_MS = 2_000;

export type ServerTime = ReturnType<typeof createServerTime>;

export function createServerTime(now: () => number) {
  let aheadMs = 0;

  return {
    now: () => now() + aheadMs,
    /** The server said that it is `serverMs` (milliseconds since the epoch, cut to a second). */
    told(serverMs: number) {
      const difference = serverMs + 500 - now();
      aheadMs = Math.abs(difference) < NOISE_MS ? 0 : difference;
    },
  };
}
