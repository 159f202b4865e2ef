/**
 * The current name, role and restriction of a token's owner without a look-up: the token has them, and the control log
 * has the changes since. So ten thousand clients that reconnect at once cost Redis and PostgreSQL nothing.
 */

import type { VerifiedToken } from "../../shared/server/identity/access-tokens.ts";
import type { PublicUser, Restriction } from "../../shared/server-frames.ts";
import { createVersioned } from "./versioned.ts";

export type Identity = { user: PublicUser; restricted: Restriction | undefined };
/** Looks a user up in Redis or PostgreSQL. @throws Refusal `unauthenticated`; Unavailable. */
export type FindIdentity = (userId: string) => Promise<Identity>;
export type Identities = ReturnType<typeof createIdentities>;
/** Reads of PostgreSQL for times when the control log may have lost events. */
export type IdentityReads = {
  /** All current restrictions. */
  listRestrictions: () => Promise<({ user: string; version: number } & Restriction)[]>;
  /** Users whose name or role changed within the last `withinMs`. */
  listChanged: (withinMs: number) => Promise<(PublicUser & { version: number })[]>;
};

/**
 * @param controlKeepMs how far back the control log reaches, ms; an older token may be outdated.
 * @param find looks the owner of such a token up.
 */
export function createIdentities(find: FindIdentity, controlKeepMs: number, now = Date.now) {
  /** Entries expire after the last token from before the change. */
  const changed = createVersioned<PublicUser>(controlKeepMs, now);
  /** Undefined: lifted. */
  const restricted = createVersioned<Restriction | undefined>(controlKeepMs, now, (restriction) => {
    return restriction !== undefined && restriction.until > now();
  });

  return {
    /** Sets a user's new name or role. @returns false when newer news came before. */
    change: (user: PublicUser, version?: number): boolean => changed.take(user.id, user, version),

    /** Restricts a user until then; undefined lifts it. @returns false when newer news came before. */
    restrict(user: string, reason: string, until: number | undefined, version?: number): boolean {
      return restricted.take(user, until === undefined ? undefined : { reason, until }, version);
    },

    /**
     * Reads from PostgreSQL what the control log may have lost.
     * @returns users with another name or role.
     * @throws Unavailable.
     */
    async reload({ listRestrictions, listChanged }: IdentityReads): Promise<PublicUser[]> {
      const [restrictions, changes] = [restricted.reload(), changed.reload()];
      const [lasting, renamed] = await Promise.all([listRestrictions(), listChanged(controlKeepMs)]);
      restrictions(lasting.map(({ user, version, ...it }) => ({ key: user, value: it, version })));
      changes(renamed.map(({ version, ...user }) => ({ key: user.id, value: user, version })));
      return renamed.flatMap(({ id }) => changed.of(id) ?? []);
    },

    /**
     * Synchronous for a token that is young enough, otherwise from Redis or PostgreSQL.
     * @throws Refusal or Unavailable in that case.
     */
    of({ userId, issuedAt, as }: VerifiedToken): Identity | Promise<Identity> {
      if (!as || issuedAt < now() - controlKeepMs) return find(userId);
      const restriction = restricted.of(userId);
      return {
        user: changed.of(userId) ?? { id: userId, ...as },
        restricted: restriction && restriction.until > now() ? restriction : undefined,
      };
    },
  };
}
