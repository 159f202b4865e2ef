/** SQL of the record of migrations, and of the lock under which they run. */
import type { Transaction } from "../shared/server/postgres/pool.ts";

/** One file of worker/migrations. */
export type Migration = { number: number; name: string; checksum: string; statements: string };

/** An arbitrary lock number that nothing else in this database uses. */
const MIGRATIONS_LOCK = 7_834_201;

export function createMigrationQueries(tx: Transaction) {
  return {
    /** Holds the migration lock until the transaction ends, however long a migration of another process takes. */
    async lockMigrations(): Promise<void> {
      await tx`set local statement_timeout = 0`;
      await tx`select pg_advisory_xact_lock(${MIGRATIONS_LOCK})`;
      await tx`
        create table if not exists migrations (
          number integer primary key,
          name text not null,
          checksum text not null,
          applied_at timestamptz not null default now()
        )`;
    },

    findMigrations(): Promise<Omit<Migration, "statements">[]> {
      return tx<
        Omit<Migration, "statements">[]
      >`select number, name, checksum from migrations order by number`;
    },

    async addMigration({ number, name, checksum }: Migration): Promise<void> {
      await tx`insert into migrations (number, name, checksum) values (${number}, ${name}, ${checksum})`;
    },
  };
}
