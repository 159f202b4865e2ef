/** All SQL that infra runs. */
import { nicknameKeys } from "../../../shared/server/identity/nickname-keys.ts";
import type { Sql } from "../../../shared/server/postgres/pool.ts";

export async function askOne(sql: Sql): Promise<boolean> {
  const rows = await sql`select 1`;
  return rows.length === 1;
}

/** Makes the database unless it exists. Runs on another database of the same server. */
export async function createDatabase(sql: Sql, name: string): Promise<void> {
  const known = await sql`select 1 from pg_database where datname = ${name}`;
  if (known.length === 0) await sql`create database ${sql(name)}`;
}

/** @param statements trusted: nothing is escaped. */
export async function runStatements(sql: Sql, statements: string): Promise<void> {
  await sql.unsafe(statements);
}

export async function dropDatabase(sql: Sql, name: string): Promise<void> {
  await sql`drop database if exists ${sql(name)} with (force)`;
}

export type NewUser = { id: string; name: string; sessionId: string };

/** Adds users without a password and a session for each, in two statements for any number of them. */
export async function addUsers(sql: Sql, users: readonly NewUser[], lifeMs: number): Promise<void> {
  const ids = users.map(({ id }) => id);
  const names = users.map(({ name }) => name);
  const keys = names.map(nicknameKeys);
  const sessions = users.map(({ sessionId }) => sessionId);
  await sql.begin(async (tx) => {
    await tx`
      insert into users (id, email, email_key, nickname, nickname_key, nickname_skeleton)
      select id, name || '@suda.invalid', name || '@suda.invalid', name, key, skeleton
      from unnest(${ids}::uuid[], ${names}::text[], ${keys.map(({ key }) => key)}::text[],
        ${keys.map(({ skeleton }) => skeleton)}::text[]) as fresh (id, name, key, skeleton)`;
    await tx`
      insert into sessions (id, user_id, user_agent, expires_at, tokens_until)
      select id, user_id, 'mint', now() + ${lifeMs} * interval '1 millisecond',
        now() + ${lifeMs} * interval '1 millisecond'
      from unnest(${sessions}::uuid[], ${ids}::uuid[]) as fresh (id, user_id)`;
  });
}

export type GrantedUser = { id: string; nickname: string; version: number };

/**
 * Sets a role and records that in the audit; `forget` runs while the user's row is locked.
 * @returns the user with this address, or undefined.
 */
export function setRole(
  sql: Sql,
  emailKey: string,
  role: string,
  forget: (id: string) => Promise<void>,
): Promise<GrantedUser | undefined> {
  return sql.begin(async (tx) => {
    const [user] = await tx<GrantedUser[]>`
      update users set role = ${role} where email_key = ${emailKey} returning id, nickname, version`;
    if (!user) return undefined;
    await tx`insert into audit (act, user_id, detail) values ('role', ${user.id}, ${tx.json({ role })})`;
    await forget(user.id);
    return user;
  });
}

/** Sets the password and ends every session. @returns the ended sessions; undefined if no user has this address. */
export function setPassword(sql: Sql, emailKey: string, hash: string): Promise<string[] | undefined> {
  return sql.begin(async (tx) => {
    const [row] = await tx<{ id: string }[]>`
      update users set password_hash = ${hash} where email_key = ${emailKey} returning id`;
    if (!row) return undefined;
    await tx`insert into audit (act, user_id) values ('reset_password', ${row.id})`;
    const ended = await tx<{ id: string }[]>`
      update sessions set ended_at = now() where user_id = ${row.id} and ended_at is null returning id`;
    return ended.map(({ id }) => id);
  });
}
