/**
 * How many sockets one user and one address may have on this gateway. Guests and members of an address are counted
 * apart, so that guests never take a member's place. A socket before its `hello` may be either: of those the newest
 * stay.
 */
import { ipKey } from "../limits/client-ip.ts";

export type ConnectionLimits<S extends object> = ReturnType<typeof createConnectionLimits<S>>;
export type ConnectionLimitSettings = {
  /** `false` lifts all limits. */
  on: boolean;
  perUser: number;
  /** Limit for guests, for members, and for sockets before their `hello`: each on its own. */
  perIp: number;
  /** Called once, with the first address whose number of sockets suggests an undeclared proxy. */
  onCrowd: (ip: string) => void;
};

/** Sockets of one address that suggest a proxy. */
export const CROWD = 100;
/** As many of people who are logged in do so if a header tells of a proxy too. */
export const FORWARDED_CROWD = 10;

export function createConnectionLimits<S extends object>({
  on,
  perUser,
  perIp,
  onCrowd,
}: ConnectionLimitSettings) {
  const users = createCounts();
  const guests = createCounts();
  const members = createCounts();
  /** Sockets before their `hello`, by address, the oldest first. */
  const silent = new Map<string, Set<S>>();
  let isCrowdReported = !on;

  return {
    /** Counts a new socket. @param fromUnknownProxy a header tells another address, and nobody is trusted to. @returns the socket to close in exchange: the oldest of its address without a `hello`. */
    opened(ip: string, socket: S, fromUnknownProxy = false): S | undefined {
      const key = ipKey(ip);
      const ofAddress = silent.get(key) ?? new Set();
      silent.set(key, ofAddress.add(socket));
      const all = ofAddress.size + guests.of(key) + members.of(key);
      if (!isCrowdReported && (all >= CROWD || (fromUnknownProxy && members.of(key) >= FORWARDED_CROWD))) {
        isCrowdReported = true;
        onCrowd(ip);
      }
      const [oldest] = ofAddress;
      if (!on || oldest === undefined || ofAddress.size <= perIp) return undefined;
      unsilence(key, oldest);
      return oldest;
    },

    /**
     * Counts a `hello`. A socket that replaces another connection may exist beside it for a while.
     * @param user undefined: a guest.
     * @returns false: too many.
     */
    authenticated(ip: string, socket: S, user: string | undefined, replaces: boolean): boolean {
      const key = ipKey(ip);
      unsilence(key, socket);
      const kind = user === undefined ? guests : members;
      kind.add(key, 1);
      if (user !== undefined) users.add(user, 1);
      const factor = replaces ? 2 : 1;
      return (
        !on || (kind.of(key) <= perIp * factor && (user === undefined || users.of(user) <= perUser * factor))
      );
    },

    /** To be called when the socket is closed. @param wasAuthenticated false: there was no `hello`. */
    closed(ip: string, socket: S, wasAuthenticated: boolean, user: string | undefined): void {
      const key = ipKey(ip);
      if (!wasAuthenticated) unsilence(key, socket);
      else (user === undefined ? guests : members).add(key, -1);
      if (user !== undefined) users.add(user, -1);
    },
  };

  function unsilence(key: string, socket: S): void {
    const ofAddress = silent.get(key);
    ofAddress?.delete(socket);
    if (ofAddress?.size === 0) silent.delete(key);
  }
}

/** A count per key, without keys whose count is zero. */
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
