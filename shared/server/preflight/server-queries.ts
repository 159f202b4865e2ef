/** SQL that asks PostgreSQL about itself. It reads only what every role may read. */
import type { Sql } from "../postgres/pool.ts";

export type PostgresFacts = {
  /** As server_version_num: 150004. */
  versionNumber: number;
  version: string;
  inRecovery: boolean;
  /** Host of the primary, if this role may know it. */
  primary: string;
  readOnly: boolean;
  role: string;
  database: string;
  /** Empty: the search path names none that exists. */
  schema: string;
  mayCreate: boolean;
  /** Owner of the tables, if it is a role whose rights this one does not have. */
  foreignOwner: string;
  /** Connections that a role without special rights may open, in all. */
  allowed: number;
  encoding: string;
  fsync: boolean;
  commitsSurely: boolean;
  /** ms since the epoch. */
  now: number;
};

export function createServerQueries(sql: Sql) {
  return {
    async readFacts(): Promise<PostgresFacts> {
      const [row] = await sql<PostgresFacts[]>`
        select
          current_setting('server_version_num')::integer as "versionNumber",
          current_setting('server_version') as version,
          pg_is_in_recovery() as "inRecovery",
          coalesce((select sender_host || ':' || sender_port from pg_stat_wal_receiver limit 1), '') as primary,
          current_setting('transaction_read_only') = 'on' as "readOnly",
          current_user::text as role,
          current_database()::text as database,
          coalesce(current_schema()::text, '') as schema,
          coalesce(has_schema_privilege(current_schema()::text, 'CREATE'), false) as "mayCreate",
          coalesce((select pg_get_userbyid(c.relowner)::text from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = current_schema() and c.relname = 'messages'
              and not pg_has_role(current_user, c.relowner, 'USAGE')), '') as "foreignOwner",
          least(
            current_setting('max_connections')::integer
              - current_setting('superuser_reserved_connections')::integer
              - coalesce(current_setting('reserved_connections', true), '0')::integer,
            (select nullif(rolconnlimit, -1) from pg_roles where rolname = current_user),
            (select nullif(datconnlimit, -1) from pg_database where datname = current_database())
          )::integer as allowed,
          (select pg_encoding_to_char(encoding)::text from pg_database where datname = current_database()) as encoding,
          current_setting('fsync') = 'on' and current_setting('full_page_writes') = 'on' as fsync,
          current_setting('synchronous_commit') <> 'off' as "commitsSurely",
          (extract(epoch from clock_timestamp()) * 1000)::float8 as now`;
      if (!row) throw new Error("PostgreSQL told nothing of itself");
      return row;
    },
  };
}
