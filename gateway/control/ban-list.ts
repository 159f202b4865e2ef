/** The banned users, in this gateway's memory, so that a `hello` can be refused without a query. */
import type { Ban } from "../../shared/server-frames.ts";
import { Refusal } from "../errors.ts";
import { createVersioned } from "./versioned.ts";

/** `version`: of the user's row at the time of the ban. */
export type BannedUser = Ban & { user: string; version: number };
export type Bans = ReturnType<typeof createBans>;

/**
 * @param listBans all current bans in PostgreSQL.
 * @param keepMs how long a lifted ban is remembered, ms, so that late news of it are recognized.
 */
export function createBans(listBans: () => Promise<BannedUser[]>, keepMs: number, now = Date.now) {
  const lasts = (ban: Ban | undefined): boolean =>
    ban !== undefined && (ban.until === null || ban.until > now());
  /** Undefined: lifted. */
  const bans = createVersioned<Ban | undefined>(keepMs, now, lasts);
  return {
    /** Loads all bans again. @throws Unavailable. */
    async load(): Promise<void> {
      const take = bans.reload();
      const found = await listBans();
      take(
        found.map(({ user, reason, until, version }) => ({ key: user, value: { reason, until }, version })),
      );
    },
    /** @returns false when the ban is known to have been lifted or changed. */
    add: (user: string, ban: Ban, version?: number): boolean => bans.take(user, ban, version),
    lift: (user: string, version?: number): boolean => bans.take(user, undefined, version),
    /** Undefined: not banned. */
    of(user: string): Ban | undefined {
      const ban = bans.of(user);
      return lasts(ban) ? ban : undefined;
    },
  };
}

/** @param ban undefined: it has just ended. */
export const bannedProblem = (ban: Ban | undefined): Refusal =>
  new Refusal("banned", ban ?? { reason: "", until: Date.now() });
