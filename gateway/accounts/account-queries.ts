/** SQL of one's own account: name, password, sessions, connections, and its end. */
import type { Sql, Transaction } from "../../shared/server/postgres/pool.ts";
import type { OwnUser } from "../../shared/server-frames.ts";
import { CLOSED_NICKNAME } from "../events/closed-accounts.ts";
import type { Nickname } from "./nickname.ts";

export type StoredSession = {
  id: string;
  ip: string | null;
  userAgent: string;
  createdAt: Date;
  lastSeenAt: Date;
};
export type StoredConnection = {
  connectedAt: Date;
  disconnectedAt: Date | null;
  ip: string | null;
  userAgent: string;
  gateway: string;
  times: number;
};

/** Holds the user, so that changes happen one after the other. Null: no such user, banned or closed. */
export async function lockOwnUser(tx: Transaction, id: string): Promise<OwnUser | null> {
  const [user] = await tx<OwnUser[]>`
    select id, email, nickname, role from users
    where id = ${id} and closed_at is null and coalesce(banned_until <= now(), true) for no key update`;
  return user ?? null;
}

/** Which version of a user's row stands. */
export async function findVersion(tx: Transaction, id: string): Promise<number> {
  const [user] = await tx<{ version: number }[]>`select version from users where id = ${id}`;
  return user?.version ?? 0;
}

/** @throws a violated unique key: somebody else has a name that reads or looks alike. */
export async function setNickname(tx: Transaction, id: string, name: Nickname): Promise<void> {
  await tx`
    update users
    set nickname = ${name.nickname}, nickname_key = ${name.key}, nickname_skeleton = ${name.skeleton}
    where id = ${id}`;
}

export async function findPasswordHash(sql: Sql, id: string): Promise<string | null> {
  const [user] = await sql<{ hash: string | null }[]>`
    select password_hash as hash from users where id = ${id} and closed_at is null`;
  return user?.hash ?? null;
}

/** @returns whether it was still `old`: of two changes at once, one knows a password that no longer counts. */
export async function changeHash(tx: Transaction, id: string, old: string, hash: string): Promise<boolean> {
  const { count } = await tx`
    update users set password_hash = ${hash} where id = ${id} and password_hash = ${old} and closed_at is null`;
  return count === 1;
}

/** Takes everything out of the account that names somebody; its row stays, so that its messages keep an author. */
export async function closeUser(tx: Transaction, id: string, passwordHash: string): Promise<boolean> {
  const { count } = await tx`
    update users
    set closed_at = now(), nickname = ${CLOSED_NICKNAME}, nickname_key = null, nickname_skeleton = null,
      email = null, email_key = null, password_hash = null, role = 'user'
    where id = ${id} and password_hash = ${passwordHash} and closed_at is null`;
  if (count === 1) await tx`update reports set said_as = null where author = ${id} and said_as is not null`;
  return count === 1;
}

/** Ends the sessions of a user, all but one if given. @returns those that ended here. */
export async function endSessionsOf(
  db: Sql | Transaction,
  userId: string,
  except: string | null,
): Promise<string[]> {
  const ended = await db<{ id: string }[]>`
    update sessions set ended_at = now()
    where user_id = ${userId} and ended_at is null and id is distinct from ${except}::uuid
    returning id`;
  return ended.map(({ id }) => id);
}

export function createAccountQueries(sql: Sql) {
  return {
    /** Those that can still be used, the last used first. */
    sessionsOf: (userId: string): Promise<StoredSession[]> =>
      sql<StoredSession[]>`
        select id, host(ip) as ip, user_agent as "userAgent", created_at as "createdAt",
          last_seen_at as "lastSeenAt"
        from sessions where user_id = ${userId} and ended_at is null and expires_at > now()
        order by last_seen_at desc, id desc`.then((rows) => [...rows]),

    /** Whether this is a session of this user that can still be used. */
    async hasSession(userId: string, sessionId: string): Promise<boolean> {
      const rows = await sql`
        select 1 from sessions
        where id = ${sessionId} and user_id = ${userId} and ended_at is null and expires_at > now()`;
      return rows.length === 1;
    },

    /** Newest first. */
    connectionsOf: (userId: string, most: number): Promise<StoredConnection[]> =>
      sql<StoredConnection[]>`
        select connected_at as "connectedAt", disconnected_at as "disconnectedAt", host(ip) as ip,
          user_agent as "userAgent", gateway, times
        from connections where user_id = ${userId} order by connected_at desc, id desc limit ${most}`.then(
        (rows) => [...rows],
      ),

    listClosed: (): Promise<string[]> =>
      sql<{ id: string }[]>`select id from users where closed_at is not null`.then((rows) =>
        rows.map(({ id }) => id),
      ),
  };
}
export type AccountQueries = ReturnType<typeof createAccountQueries>;
