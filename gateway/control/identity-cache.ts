/**
 * Who a token's owner is now, without asking anybody: the token says so, and the control log says what changed since.
 * So ten thousand clients that come back at once cost Redis and PostgreSQL nothing.
 */

import type { VerifiedToken } from "../../shared/server/identity/access-tokens.ts";
import type { PublicUser, Restriction } from "../../shared/server-frames.ts";
import { createVersioned } from "./versioned.ts";

export type Identity = { user: PublicUser; restricted: Restriction | null };
/** Looks a user up in Redis or PostgreSQL. @throws Refusal `unauthenticated`, or an outage. */
export type FindIdentity = (userId: string) => Promise<Identity>;
export type Identities = ReturnType<typeof createIdentities>;
/** What PostgreSQL has to say where the control log may have lost something. */
export type IdentityReads = {
  /** All restrictions that last. */
  listRestrictions: () => Promise<({ user: string; version: number } & Restriction)[]>;
  /** Who got another name or role within so many milliseconds. */
  listChanged: (withinMs: number) => Promise<(PublicUser & { version: number })[]>;
};

/**
 * @param controlKeepMs how far back the control log reaches; an older token says too little.
 * @param find asked about those.
 */
export function createIdentities(find: FindIdentity, controlKeepMs: number, now = Date.now) {
  /** Forgotten when every token from before the change has ended. */
  const changed = createVersioned<PublicUser>(controlKeepMs, now);
  /** Null: lifted. */
  const restricted = createVersioned<Restriction | null>(controlKeepMs, now, (restriction) => {
    return restriction !== null && restriction.until > now();
  });

  return {
    /** The user has another name or role from now on. @returns false when newer news came before. */
    change: (user: PublicUser, version?: number): boolean => changed.take(user.id, user, version),

    /** The user may not write until then; null: may again. @returns false when newer news came before. */
    restrict(user: string, reason: string, until: number | null, version?: number): boolean {
      return restricted.take(user, until === null ? null : { reason, until }, version);
    },

    /** Reads from PostgreSQL what the control log no longer says. @returns users with another name or role. @throws an outage. */
    async reload({ listRestrictions, listChanged }: IdentityReads): Promise<PublicUser[]> {
      const [restrictions, changes] = [restricted.reload(), changed.reload()];
      const [lasting, renamed] = await Promise.all([listRestrictions(), listChanged(controlKeepMs)]);
      restrictions(lasting.map(({ user, version, ...it }) => ({ key: user, value: it, version })));
      changes(renamed.map(({ version, ...user }) => ({ key: user.id, value: user, version })));
      return renamed.flatMap(({ id }) => changed.of(id) ?? []);
    },

    /** At once when the token is young enough, else from Redis or PostgreSQL. @throws Refusal or an outage then. */
    of({ userId, issuedAt, as }: VerifiedToken): Identity | Promise<Identity> {
      if (!as || issuedAt < now() - controlKeepMs) return find(userId);
      const restriction = restricted.of(userId);
      return {
        user: changed.of(userId) ?? { id: userId, ...as },
        restricted: restriction && restriction.until > now() ? restriction : null,
      };
    },
  };
}
