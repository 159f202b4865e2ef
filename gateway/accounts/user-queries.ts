/** All SQL that the gateway runs, as verbs. What cannot be said twice (a taken name) answers with the name of the key. */

import { PostgresError, SQLSTATE, type Sql } from "../../shared/server/postgres/pool.ts";
import type { Ban, OwnUser, PublicUser, Role } from "../../shared/server-frames.ts";
import { insertSession, type NewSession } from "../sessions/session-queries.ts";

export type Queries = ReturnType<typeof createQueries>;

export type NewUser = {
  id: string;
  email: string;
  emailKey: string;
  nickname: string;
  nicknameKey: string;
  nicknameSkeleton: string;
  passwordHash: string;
};
/** From where and with what somebody comes. */
export type Device = { ip: string; userAgent: string };
export type Account = OwnUser & { passwordHash: string | null; banned: boolean };
export type TakenName = "email" | "nickname";

export function createQueries(sql: Sql) {
  return {
    /** User and first session in one step. Answers which name was taken, or null when all went well. */
    async addUser(user: NewUser, session: NewSession): Promise<TakenName | null> {
      try {
        await sql.begin(async (tx) => {
          await tx`
            insert into users (id, email, email_key, nickname, nickname_key, nickname_skeleton, password_hash)
            values (${user.id}, ${user.email}, ${user.emailKey},
              ${user.nickname}, ${user.nicknameKey}, ${user.nicknameSkeleton}, ${user.passwordHash})`;
          await insertSession(tx, session);
        });
        return null;
      } catch (error) {
        return takenName(error);
      }
    },

    async findAccount(emailKey: string): Promise<Account | null> {
      const [account] = await sql<Account[]>`
        select id, email, nickname, role, password_hash as "passwordHash",
          coalesce(banned_until > now(), false) as banned
        from users where email_key = ${emailKey}`;
      return account ?? null;
    },

    /** Null: not banned, or no longer. */
    async findBan(id: string): Promise<Ban | null> {
      const [ban] = await sql<
        Ban[]
      >`select ${banColumns(sql)} from users where id = ${id} and banned_until > now()`;
      return ban ?? null;
    },

    /** A stronger hash of the same password, unless the password was changed meanwhile. */
    async replaceHash(id: string, old: string, hash: string): Promise<void> {
      await sql`update users set password_hash = ${hash} where id = ${id} and password_hash = ${old}`;
    },

    /** Null: no such user, banned or closed. */
    async findUser(id: string): Promise<OwnUser | null> {
      const [user] = await sql<OwnUser[]>`
        select id, email, nickname, role from users
        where id = ${id} and closed_at is null and coalesce(banned_until <= now(), true)`;
      return user ?? null;
    },

    /** Those of the users who exist, by nickname. */
    findPeople(ids: string[]): Promise<PublicUser[]> {
      return sql<{ id: string; nickname: string; role: Role }[]>`
        select id, nickname, role from users where id = any(${ids}::uuid[]) order by nickname_key`;
    },
  };
}

/** Which name a failed write would have given twice. @throws the error when it is another one. */
export function takenName(error: unknown): TakenName {
  const unique = error instanceof PostgresError && error.code === SQLSTATE.uniqueViolation;
  if (unique && error.constraint_name === "users_email_key_key") return "email";
  if (unique && /^users_nickname_(key|skeleton)_key$/.test(error.constraint_name ?? "")) return "nickname";
  throw error;
}

/** What a user's row says of their ban, as `Ban`. */
export const banColumns = (db: Sql) => db`
  coalesce(banned_reason, '') as reason,
  case when isfinite(banned_until) then floor(extract(epoch from banned_until) * 1000)::float8 end as until`;
