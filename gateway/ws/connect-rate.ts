/**
 * How often one address and one user may open a socket on this gateway: a token bucket each. It holds a minute's worth,
 * so that everyone behind an address may come back at once after a disconnect; only a client that keeps reconnecting is
 * refused.
 */
import { ipKey } from "../limits/client-ip.ts";

export type ConnectRate = ReturnType<typeof createConnectRate>;
type Bucket = { spent: number; at: number };

const MINUTE_MS = 60_000;
/** Number of buckets from which on those that nobody used for a while are dropped. */
const SWEEP_FROM = 10_000;

/** @param perUser connects per minute, as is `perIp`; `on` false lifts both. */
export function createConnectRate(
  { on, perUser, perIp }: { on: boolean; perUser: number; perIp: number },
  now = () => performance.now(),
) {
  const users = createRate(perUser, now);
  const ips = createRate(perIp, now);
  return {
    /** @returns milliseconds until the address may open a socket; 0: now, and the attempt is counted. */
    fromAddress: (ip: string): number => (on ? ips(ipKey(ip)) : 0),
    /** The same for a user at `hello`. */
    ofUser: (user: string): number => (on ? users(user) : 0),
  };
}

/** @returns milliseconds until one more is allowed; 0: now, and it was counted. Refused attempts are not counted. */
function createRate(perMinute: number, now: () => number) {
  const buckets = new Map<string, Bucket>();
  const perMs = perMinute / MINUTE_MS;
  let sweepAt = SWEEP_FROM;

  return (key: string): number => {
    const time = now();
    const bucket = buckets.get(key) ?? { spent: 0, at: time };
    const spent = spentAt(bucket, time);
    if (spent + 1 > perMinute) return Math.ceil((spent + 1 - perMinute) / perMs);
    buckets.set(key, { spent: spent + 1, at: time });
    if (buckets.size > sweepAt) sweep(time);
    return 0;
  };

  function spentAt({ spent, at }: Bucket, time: number): number {
    return Math.max(0, spent - (time - at) * perMs);
  }

  function sweep(time: number): void {
    for (const [key, bucket] of buckets) if (spentAt(bucket, time) === 0) buckets.delete(key);
    sweepAt = Math.max(SWEEP_FROM, 2 * buckets.size);
  }
}
