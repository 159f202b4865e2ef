/** All SQL that infra runs. */
import type { Sql } from "../../shared/server/postgres.ts";

export async function askOne(sql: Sql): Promise<boolean> {
  const rows = await sql`select 1`;
  return rows.length === 1;
}

/** Makes the database unless it exists. Runs on another database of the same server. */
export async function createDatabase(sql: Sql, name: string): Promise<void> {
  const known = await sql`select 1 from pg_database where datname = ${name}`;
  if (known.length === 0) await sql`create database ${sql(name)}`;
}

export async function dropDatabase(sql: Sql, name: string): Promise<void> {
  await sql`drop database if exists ${sql(name)} with (force)`;
}

export type NewUser = { id: string; name: string; sessionId: string };

/** Ready users without a password, each with a session, in one statement each however many they are. */
export async function addUsers(sql: Sql, users: readonly NewUser[], lifeMs: number): Promise<void> {
  const ids = users.map(({ id }) => id);
  const names = users.map(({ name }) => name);
  const sessions = users.map(({ sessionId }) => sessionId);
  await sql.begin(async (tx) => {
    await tx`
      insert into users (id, email, email_key, nickname, nickname_key)
      select id, name || '@suda.invalid', name || '@suda.invalid', name, name
      from unnest(${ids}::uuid[], ${names}::text[]) as fresh (id, name)`;
    await tx`
      insert into sessions (id, user_id, user_agent, expires_at)
      select id, user_id, 'mint', now() + ${lifeMs} * interval '1 millisecond'
      from unnest(${sessions}::uuid[], ${ids}::uuid[]) as fresh (id, user_id)`;
  });
}

/** @returns the id of the user with this address, or undefined. */
export async function setRole(sql: Sql, emailKey: string, role: string): Promise<string | undefined> {
  const [row] = await sql<{ id: string }[]>`
    update users set role = ${role} where email_key = ${emailKey} returning id`;
  return row?.id;
}

/** Sets the password and ends every session. @returns the id of the user with this address, or undefined. */
export function setPassword(sql: Sql, emailKey: string, hash: string): Promise<string | undefined> {
  return sql.begin(async (tx) => {
    const [row] = await tx<{ id: string }[]>`
      update users set password_hash = ${hash} where email_key = ${emailKey} returning id`;
    if (row) await tx`update sessions set ended_at = now() where user_id = ${row.id} and ended_at is null`;
    return row?.id;
  });
}
