/** How many sockets one user and one address may have on this gateway. */
import { ipKey } from "../client-ip.ts";

export type Caps = ReturnType<typeof createCaps>;

/** A count for each key, without keys that count nothing. */
function createCounts() {
  const counts = new Map<string, number>();
  return {
    of: (key: string): number => counts.get(key) ?? 0,
    add(key: string, by: 1 | -1): void {
      const count = (counts.get(key) ?? 0) + by;
      if (count > 0) counts.set(key, count);
      else counts.delete(key);
    },
  };
}

/** @param on false lifts both. */
export function createCaps({ on, perUser, perIp }: { on: boolean; perUser: number; perIp: number }) {
  const users = createCounts();
  const ips = createCounts();
  return {
    /** A line was opened. @returns false when its address has too many. */
    opened(ip: string): boolean {
      const key = ipKey(ip);
      ips.add(key, 1);
      return !on || ips.of(key) <= perIp;
    },
    /** A user said hello. One that takes over from another connection may stand beside it for a while. @returns false: too many. */
    greeted(user: string, replaces: boolean): boolean {
      users.add(user, 1);
      return !on || users.of(user) <= (replaces ? perUser * 2 : perUser);
    },
    /** The line is gone. @param user null when none had been greeted. */
    closed(ip: string, user: string | null): void {
      ips.add(ipKey(ip), -1);
      if (user !== null) users.add(user, -1);
    },
  };
}
