/**
 * SQL that changes a user in a transaction. Only for user-changes.ts, which deletes the user from Redis before the
 * commit.
 */

import { CLOSED_NICKNAME } from "../../shared/server/events/archived-event.ts";
import type { Transaction } from "../../shared/server/postgres/pool.ts";
import type { Ban, OwnUser, PublicUser, Restriction, Role } from "../../shared/server-frames.ts";
import type { Nickname } from "./nickname.ts";
import { createUserQueries } from "./user-queries.ts";

/** @param id the user of all these statements. */
export function createUserChangeQueries(tx: Transaction, id: string) {
  const { findRestriction, findBan } = createUserQueries(tx);
  return {
    /** As it is in this transaction. */
    findRestriction: (): Promise<Restriction | undefined> => findRestriction(id),
    findBan: (): Promise<Ban | undefined> => findBan(id),

    /** Locks the user's row until the transaction ends. @returns undefined when the user is unknown or closed. */
    async lock(): Promise<PublicUser | undefined> {
      const [user] = await tx<PublicUser[]>`
        select id, nickname, role from users where id = ${id} and closed_at is null for no key update`;
      return user;
    },

    /** As `lock`, for changes by the user. @returns undefined also when the user is banned. */
    async lockActive(): Promise<OwnUser | undefined> {
      const [user] = await tx<OwnUser[]>`
        select id, email, nickname, role from users
        where id = ${id} and closed_at is null and coalesce(banned_until <= now(), true) for no key update`;
      return user;
    },

    /** The current version of the row. */
    async findVersion(): Promise<number> {
      const [user] = await tx<{ version: number }[]>`select version from users where id = ${id}`;
      return user?.version ?? 0;
    },

    /** @throws a violated unique key when another user's nickname reads or looks the same. */
    async setNickname({ nickname, key, skeleton }: Nickname): Promise<void> {
      await tx`
        update users set nickname = ${nickname}, nickname_key = ${key}, nickname_skeleton = ${skeleton}
        where id = ${id}`;
    },

    async setRole(role: Role): Promise<void> {
      await tx`update users set role = ${role} where id = ${id}`;
    },

    /**
     * Raises the version also when the row stays the same, so that a mute that the spam rule decided by the earlier row
     * is no longer stored (`keepRestriction`).
     * @param until undefined: the user may write again.
     */
    async setRestriction(reason: string, until: number | undefined): Promise<void> {
      await tx`
        update users set restricted_reason = ${until === undefined ? null : reason},
          restricted_until = ${until === undefined ? null : new Date(until)},
          version = version + 1, restriction_version = version + 1
        where id = ${id}`;
    },

    /**
     * Stores a restriction that was decided by version `version` of the row, unless a longer one is stored or the row
     * has changed, because a moderator who lifted the mute has the last word.
     */
    async keepRestriction({ reason, until, version }: { version: number } & Restriction): Promise<void> {
      await tx`
        update users set restricted_reason = ${reason}, restricted_until = ${new Date(until)}
        where id = ${id} and restriction_version <= ${version}
          and coalesce(restricted_until < ${new Date(until)}, true)`;
    },

    /** @param until undefined: not banned; Infinity: for good. */
    async setBan(reason: string, until: number | undefined): Promise<void> {
      const banned = until !== undefined;
      const end = !banned ? null : until === Infinity ? "infinity" : new Date(until).toISOString();
      await tx`
        update users set banned_reason = ${banned ? reason : null}, banned_until = ${end}::text::timestamptz
        where id = ${id}`;
    },

    /**
     * Removes everything that identifies a person. The row stays, so that messages keep an author.
     * @returns whether the password hash was still this one.
     */
    async close(passwordHash: string): Promise<boolean> {
      const { count } = await tx`
        update users
        set closed_at = now(), nickname = ${CLOSED_NICKNAME}, nickname_key = null, nickname_skeleton = null,
          email = null, email_key = null, password_hash = null, role = 'user'
        where id = ${id} and password_hash = ${passwordHash} and closed_at is null`;
      if (count === 1)
        await tx`update reports set said_as = null where author = ${id} and said_as is not null`;
      return count === 1;
    },
  };
}
