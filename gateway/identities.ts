/**
 * Who a token's owner is now, without asking anybody: what the token says, and what the control log says happened since.
 * So ten thousand clients that come back at once cost Redis and PostgreSQL nothing.
 */

import type { VerifiedToken } from "../shared/server/tokens.ts";
import type { PublicUser, Restriction } from "../shared/server-frames.ts";
import type { Users } from "./users.ts";

export type Identity = { user: PublicUser; restricted: Restriction | null };
export type Identities = ReturnType<typeof createIdentities>;

/**
 * @param controlKeepMs how far back the control log tells; a token older than that says too little.
 * @param users asked about those.
 */
export function createIdentities(users: Pick<Users, "find">, controlKeepMs: number, now = Date.now) {
  /** Newest last. Forgotten when every token from before the change has ended. */
  const changed = new Map<string, { user: PublicUser; at: number }>();
  const restricted = new Map<string, Restriction>();

  return {
    /** The user has another name or role from now on. */
    change(user: PublicUser): void {
      const at = now();
      for (const [id, old] of changed) {
        if (old.at > at - controlKeepMs) break;
        changed.delete(id);
      }
      changed.delete(user.id);
      changed.set(user.id, { user, at });
    },

    /** The user may not write until then; null: may again. */
    restrict(user: string, reason: string, until: number | null): void {
      for (const [id, old] of restricted) if (old.until <= now()) restricted.delete(id);
      if (until === null) restricted.delete(user);
      else restricted.set(user, { reason, until });
    },

    /** All restrictions that last, as PostgreSQL has them: what the control log tells goes back only so far. */
    relearn(lasting: readonly ({ user: string } & Restriction)[]): void {
      restricted.clear();
      for (const { user, reason, until } of lasting) restricted.set(user, { reason, until });
    },

    /** At once when the token is young enough, else from Redis or PostgreSQL. @throws Refused or an outage then. */
    of({ userId, issuedAt, as }: VerifiedToken): Identity | Promise<Identity> {
      if (!as || issuedAt < now() - controlKeepMs) return users.find(userId);
      const restriction = restricted.get(userId);
      return {
        user: changed.get(userId)?.user ?? { id: userId, ...as },
        restricted: restriction && restriction.until > now() ? restriction : null,
      };
    },
  };
}
