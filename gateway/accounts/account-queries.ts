/** SQL of an account's address and password. user-queries.ts owns name, role and restrictions. */
import { type Db, inTransaction, PostgresError, SQLSTATE } from "../../shared/server/postgres/pool.ts";
import type { OwnUser } from "../../shared/server-frames.ts";
import { createSessionQueries, type NewSession } from "../sessions/session-queries.ts";

export type AccountQueries = ReturnType<typeof createAccountQueries>;

export type NewUser = {
  id: string;
  email: string;
  emailKey: string;
  nickname: string;
  nicknameKey: string;
  nicknameSkeleton: string;
  passwordHash: string;
};
export type Account = OwnUser & { passwordHash: string | undefined; banned: boolean };
type TakenName = "email" | "nickname";

export function createAccountQueries(db: Db) {
  return {
    /**
     * Adds the user and their first session atomically.
     * @returns the name that is taken; undefined: both were added.
     */
    async add(user: NewUser, session: NewSession): Promise<TakenName | undefined> {
      try {
        await inTransaction(db, async (tx) => {
          await tx`
            insert into users (id, email, email_key, nickname, nickname_key, nickname_skeleton, password_hash)
            values (${user.id}, ${user.email}, ${user.emailKey},
              ${user.nickname}, ${user.nicknameKey}, ${user.nicknameSkeleton}, ${user.passwordHash})`;
          await createSessionQueries(tx).insert(session);
        });
        return undefined;
      } catch (error) {
        return takenName(error);
      }
    },

    async find(emailKey: string): Promise<Account | undefined> {
      const [account] = await db<(Omit<Account, "passwordHash"> & { passwordHash: string | null })[]>`
        select id, email, nickname, role, password_hash as "passwordHash",
          coalesce(banned_until > now(), false) as banned
        from users where email_key = ${emailKey}`;
      return account && { ...account, passwordHash: account.passwordHash ?? undefined };
    },

    /** @returns undefined also for a user without a password. */
    async findPasswordHash(userId: string): Promise<string | undefined> {
      const [user] = await db<{ hash: string | null }[]>`
        select password_hash as hash from users where id = ${userId} and closed_at is null`;
      return user?.hash ?? undefined;
    },

    /** @returns whether the hash was still `old`, so that of two concurrent changes only one succeeds. */
    async replaceHash(userId: string, old: string, hash: string): Promise<boolean> {
      const { count } = await db`
        update users set password_hash = ${hash}
        where id = ${userId} and password_hash = ${old} and closed_at is null`;
      return count === 1;
    },
  };
}

/**
 * @returns the name whose unique key a failed write violated.
 * @throws the error when it is another one.
 */
export function takenName(error: unknown): TakenName {
  const unique = error instanceof PostgresError && error.code === SQLSTATE.uniqueViolation;
  if (unique && error.constraint_name === "users_email_key_key") return "email";
  if (unique && /^users_nickname_(key|skeleton)_key$/.test(error.constraint_name ?? "")) return "nickname";
  throw error;
}
