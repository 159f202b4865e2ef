/** The one place that opens PostgreSQL. SQL itself lives in the `queries.ts` of each deployable. */
import postgres from "postgres";

export type Sql = postgres.Sql;
export type Transaction = postgres.TransactionSql;
export const PostgresError = postgres.PostgresError;

/** SQLSTATE values that the code acts on. */
export const SQLSTATE = {
  uniqueViolation: "23505",
  checkViolation: "23514",
  undefinedTable: "42P01",
  insufficientPrivilege: "42501",
} as const;

/**
 * A pool; nothing is opened before the first query.
 * @param max connections at most. Queries fail with an error once PostgreSQL was away for the connect time-out.
 */
export function connectPostgres(url: string, options: { name: string; max: number }): Sql {
  return postgres(url, {
    max: options.max,
    connect_timeout: 5,
    idle_timeout: 60,
    max_lifetime: 60 * 30,
    backoff: (tries) => Math.min(2, 0.1 * 2 ** tries) * Math.random(),
    connection: { application_name: options.name, statement_timeout: 30_000, TimeZone: "UTC" },
    onnotice: () => undefined,
  });
}
