/** Who is banned, in this gateway's memory: so that a greeting can be refused without asking anybody. */
import type { Ban } from "../../shared/server-frames.ts";
import { Refusal } from "../errors.ts";
import { createVersioned } from "./versioned.ts";

/** `version`: of the user's row that says so. */
export type BannedUser = Ban & { user: string; version: number };
export type Bans = ReturnType<typeof createBans>;

/**
 * @param listBans all bans that last, as PostgreSQL has them.
 * @param keepMs how long it is remembered that a ban was lifted: news of it that come late are known as such.
 */
export function createBans(listBans: () => Promise<BannedUser[]>, keepMs: number, now = Date.now) {
  const lasts = (ban: Ban | null): boolean => ban !== null && (ban.until === null || ban.until > now());
  /** Null: lifted. */
  const bans = createVersioned<Ban | null>(keepMs, now, lasts);
  return {
    /** Learns all of them anew. @throws an outage. */
    async load(): Promise<void> {
      const take = bans.reload();
      const found = await listBans();
      take(
        found.map(({ user, reason, until, version }) => ({ key: user, value: { reason, until }, version })),
      );
    },
    /** @returns false when it is known that it was lifted or changed since. */
    add: (user: string, ban: Ban, version?: number): boolean => bans.take(user, ban, version),
    lift: (user: string, version?: number): boolean => bans.take(user, null, version),
    /** Null: not banned. */
    of(user: string): Ban | null {
      const ban = bans.of(user) ?? null;
      return lasts(ban) ? ban : null;
    },
  };
}

/** @param ban undefined: it ended in this moment. */
export const bannedProblem = (ban: Ban | undefined): Refusal =>
  new Refusal("banned", ban ?? { reason: "", until: Date.now() });
