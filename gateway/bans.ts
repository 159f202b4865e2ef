/** Who is banned, in this gateway's memory: so that a greeting can be refused without asking anybody. */
import type { Ban } from "../shared/server-frames.ts";
import { type Problem, problem } from "./problem.ts";

export type BannedUser = Ban & { user: string };
export type Bans = ReturnType<typeof createBans>;

/** @param listBans all bans that last, as PostgreSQL has them. */
export function createBans(listBans: () => Promise<BannedUser[]>, now = Date.now) {
  const bans = new Map<string, Ban>();
  return {
    /** Learns all of them anew. @throws an outage. */
    async load(): Promise<void> {
      const found = await listBans();
      bans.clear();
      for (const { user, reason, until } of found) bans.set(user, { reason, until });
    },
    add: (user: string, ban: Ban): void => void bans.set(user, ban),
    lift: (user: string): void => void bans.delete(user),
    /** Null: not banned. */
    of(user: string): Ban | null {
      const ban = bans.get(user);
      return ban && (ban.until === null || ban.until > now()) ? ban : null;
    },
  };
}

/** @param ban null: it ended in this moment. */
export const bannedProblem = (ban: Ban | null): Problem =>
  problem("banned", ban ?? { reason: "", until: Date.now() });
