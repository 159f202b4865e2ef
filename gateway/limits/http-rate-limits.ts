/** Rate limits of HTTP requests, counted over all gateways in Redis, and in memory during a Redis outage. */
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import { HTTP_RATES, type HttpRateName } from "../../shared/server/process/http-rates.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import type { Commands } from "../../shared/server/redis/connect.ts";
import type { RedisKeys } from "../../shared/server/redis/keys.ts";
import { Refusal } from "../errors.ts";
import { ipKey } from "./client-ip.ts";

/**
 * Tries in a window of a minute. The window starts with the first try and refused ones do not prolong it, so nobody
 * waits longer than a minute. Of log-ins only wrong passwords count. An account is counted apart for each address, so
 * that a guesser elsewhere does not lock its owner out; the bound over all addresses stops a distributed guess.
 */
const WINDOW_S = 60;
export type Attempt = {
  /** Takes the try back. */
  forgive: () => Promise<void>;
  /** Does the work, and takes the try back if it was never looked at, because something was busy or unavailable. */
  spend: <T>(work: () => Promise<T>) => Promise<T>;
};
export type HttpLimits = ReturnType<typeof createHttpLimits>;

/**
 * Each verb counts a try, or throws Refusal `too_many_attempts` with the name of the limit.
 * @param on false lifts all limits (load tests).
 * @param other limits that differ from the defaults.
 */
export function createHttpLimits(
  redis: Commands,
  keys: Pick<RedisKeys, "rate">,
  on: boolean,
  other: readonly (readonly [HttpRateName, number])[] = [],
) {
  const limiters = new Map<string, RateLimiterRedis>();
  for (const [name, points] of Object.entries({ ...HTTP_RATES, ...Object.fromEntries(other) })) {
    const options = { keyPrefix: `${keys.rate}:${name}`, points, duration: WINDOW_S };
    const insuranceLimiter = new RateLimiterMemory(options);
    limiters.set(name, new RateLimiterRedis({ ...options, storeClient: redis, insuranceLimiter }));
  }

  const take = async (tries: [HttpRateName, string][]): Promise<Attempt> => {
    const taken: [RateLimiterRedis, string][] = [];
    for (const [name, key] of on ? tries : []) {
      const limiter = limiters.get(name);
      if (limiter === undefined) continue;
      try {
        await limiter.consume(key);
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        const retryAfterMs = Math.max(1, refusal.msBeforeNext);
        throw new Refusal("too_many_attempts", { retryAfterMs, detail: `The limit ${name} is used up` });
      }
      taken.push([limiter, key]);
    }
    const forgive = async () => {
      await Promise.all(taken.map(([limiter, key]) => limiter.reward(key)));
    };
    const spend = async <T>(work: () => Promise<T>): Promise<T> => {
      try {
        return await work();
      } catch (error) {
        if (isUncounted(error)) await forgive();
        throw error;
      }
    };
    return { forgive, spend };
  };

  return {
    logIn: (account: string, ip: string): Promise<Attempt> =>
      take([
        ["login_ip", ipKey(ip)],
        ["login_account_ip", `${account}:${ipKey(ip)}`],
        ["login_account", account],
      ]),
    /** For the password that a logged-in user is asked for again. */
    confirm: (userId: string, ip: string): Promise<Attempt> =>
      take([
        ["password_user", userId],
        ["password_ip", ipKey(ip)],
      ]),
    rename: (userId: string): Promise<Attempt> => take([["rename_user", userId]]),
    push: (userId: string): Promise<Attempt> => take([["push_user", userId]]),
    report: (userId: string): Promise<Attempt> => take([["report_user", userId]]),
    clientError: (ip: string): Promise<Attempt> => take([["client_error_ip", ipKey(ip)]]),
    signUp: (ip: string): Promise<Attempt> => take([["signup_ip", ipKey(ip)]]),
    visitRoom: (userId: string): Promise<Attempt> => take([["visit_user", userId]]),
    invite: (userId: string): Promise<Attempt> => take([["invite_user", userId]]),
    openLine: (userId: string): Promise<Attempt> => take([["line_user", userId]]),
    lookAtInvitation: (ip: string): Promise<Attempt> => take([["invitation_ip", ipKey(ip)]]),
    findUser: (userId: string): Promise<Attempt> => take([["find_user", userId]]),
    createRoom: (userId: string): Promise<Attempt> => take([["room_user", userId]]),
  };
}

/** The request was not looked at, which is not the caller's doing. */
const isUncounted = (error: unknown): boolean =>
  error instanceof Refusal
    ? error.code === "too_many_attempts" || error.code === "unavailable"
    : error instanceof Unavailable;
