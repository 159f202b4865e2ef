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
