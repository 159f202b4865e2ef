/** All SQL that the gateway runs, as verbs. What cannot be said twice (a taken name) answers with the name of the key. */

import { PostgresError, SQLSTATE, type Sql, type Transaction } from "../shared/server/postgres.ts";
import type { OwnUser, PublicUser, Role } from "../shared/server-frames.ts";

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
export type NewSession = Device & { id: string; userId: string; tokenHash: Uint8Array; lifeMs: number };
export type Account = OwnUser & { passwordHash: string | null; banned: boolean };
export type StoredRoom = { id: number; name: string; title: string; slowModeMs: number };
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

    async addSession(session: NewSession): Promise<void> {
      await insertSession(sql, session);
    },

    /**
     * Exchanges a refresh token for its successor, in one statement that locks the session: of two exchanges at once
     * the second sees a token that was replaced just now and gets a successor of its own (`graceMs`). Older tokens of
     * the session that were never used count as replaced from here on. Null: nothing was exchanged.
     */
    async rotateToken(
      old: Uint8Array,
      next: Uint8Array,
      times: { lifeMs: number; graceMs: number },
    ): Promise<{ sessionId: string; userId: string } | null> {
      const [rotated] = await sql<{ sessionId: string; userId: string }[]>`
        with session as (
          select s.id, s.user_id from sessions s join users u on u.id = s.user_id
          where s.id = (select session_id from refresh_tokens where hash = ${old})
            and s.ended_at is null and s.expires_at > now() and coalesce(u.banned_until <= now(), true)
          for update of s
        ), used as (
          update refresh_tokens t set replaced_at = coalesce(t.replaced_at, now())
          from session
          where t.hash = ${old} and (t.replaced_at is null or t.replaced_at > ${ago(sql, times.graceMs)})
          returning t.session_id
        ), unused as (
          update refresh_tokens t set replaced_at = now()
          from used
          where t.session_id = used.session_id and t.hash <> ${old}
            and t.replaced_at is null and t.created_at < ${ago(sql, times.graceMs)}
        ), fresh as (
          insert into refresh_tokens (hash, session_id) select ${next}, session_id from used
        )
        update sessions s set last_seen_at = now(), expires_at = ${ahead(sql, times.lifeMs)}
        from used where s.id = used.session_id
        returning s.id as "sessionId", s.user_id as "userId"`;
      return rotated ?? null;
    },

    /** The session that a refresh token belongs to, in use or not. */
    async findTokenSession(tokenHash: Uint8Array): Promise<TokenSession | null> {
      const [session] = await sql<TokenSession[]>`
        select s.id as "sessionId", s.user_id as "userId", t.replaced_at is not null as replaced,
          coalesce(u.banned_until > now(), false) as banned
        from refresh_tokens t join sessions s on s.id = t.session_id join users u on u.id = s.user_id
        where t.hash = ${tokenHash}`;
      return session ?? null;
    },

    async endSessions(ids: string[]): Promise<void> {
      await sql`update sessions set ended_at = now() where id = any(${ids}::uuid[]) and ended_at is null`;
    },

    findRoom: (name: string): Promise<StoredRoom | null> =>
      sql<StoredRoom[]>`select ${roomColumns(sql)} from rooms where name = ${name}`.then(
        ([room]) => room ?? null,
      ),

    listRooms: (): Promise<StoredRoom[]> =>
      sql<StoredRoom[]>`select ${roomColumns(sql)} from rooms order by id`.then((rooms) => [...rooms]),

    /** Null: the name is taken. */
    async addRoom(name: string, title: string, userId: string): Promise<StoredRoom | null> {
      const [room] = await sql<StoredRoom[]>`
        insert into rooms (name, title, created_by)
        select ${name}, ${title}, (select id from users where id = ${userId})
        on conflict (name) do nothing
        returning ${roomColumns(sql)}`;
      return room ?? null;
    },
  };
}

export type TokenSession = {
  sessionId: string;
  userId: string;
  replaced: boolean;
  banned: boolean;
};

async function insertSession(db: Sql | Transaction, session: NewSession): Promise<void> {
  await db`
    with session as (
      insert into sessions (id, user_id, ip, user_agent, expires_at)
      values (${session.id}, ${session.userId}, ${session.ip}, ${session.userAgent}, ${ahead(db, session.lifeMs)})
      returning id
    )
    insert into refresh_tokens (hash, session_id) select ${session.tokenHash}, id from session`;
}

const ago = (db: Sql, ms: number) => db`(now() - ${ms} * interval '1 millisecond')`;
const ahead = (db: Sql | Transaction, ms: number) => db`(now() + ${ms} * interval '1 millisecond')`;

const roomColumns = (db: Sql) => db`id, name, title, slow_mode_ms as "slowModeMs"`;

/** Which name a failed write would have given twice. @throws the error when it is another one. */
export function takenName(error: unknown): TakenName {
  const unique = error instanceof PostgresError && error.code === SQLSTATE.uniqueViolation;
  if (unique && error.constraint_name === "users_email_key_key") return "email";
  if (unique && /^users_nickname_(key|skeleton)_key$/.test(error.constraint_name ?? "")) return "nickname";
  throw error;
}
