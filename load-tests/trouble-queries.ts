/** All SQL that makes PostgreSQL troublesome for others, as its administrators may, on purpose or not. */
import postgres from "postgres";

/** Opens a connection of its administrator. */
export function openTrouble(databaseUrl: string) {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });

  return {
    /** Ends every other connection to this database. */
    cutOthers: async (): Promise<void> => {
      await sql`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`;
    },
    /** Changes settings of the server for everybody, and takes them back with `reset`. */
    async set(settings: Record<string, string>): Promise<void> {
      for (const [name, value] of Object.entries(settings))
        await sql`alter system set ${sql(name)} = ${sql.unsafe(value)}`.simple();
      await sql`select pg_reload_conf()`;
    },
    async reset(): Promise<void> {
      await sql`alter system reset all`.simple();
      await sql`select pg_reload_conf()`;
    },
    /** Locks a table against everything, also against readers, during `work`. */
    lock: (table: string, work: () => Promise<unknown>): Promise<unknown> =>
      sql.begin(async (transaction) => {
        await transaction`lock table ${transaction(table)} in access exclusive mode`;
        await work();
      }),
    close: (): Promise<void> => sql.end({ timeout: 2 }),
  };
}
