/**
 * The one place that opens PostgreSQL. SQL itself stands in `*-queries.ts` files, each as one `create…Queries(db)`: made of a
 * pool the statements can be bounded in time and replaced in tests as one object, made of a transaction they join it. The worker
 * bounds whole tasks and nearly always stands in a transaction: its queries are functions of `(tx, ...)`.
 */
import postgres from "postgres";
import { atDoor } from "./outages.ts";
import { steadyBegin } from "./steady-transactions.ts";

export type Sql = postgres.Sql;
export type Transaction = postgres.TransactionSql;
/** Where statements may run. */
export type Db = Sql | Transaction;
export const PostgresError = postgres.PostgresError;

/** SQLSTATE values that the code acts on. */
export const SQLSTATE = {
  uniqueViolation: "23505",
  checkViolation: "23514",
  undefinedTable: "42P01",
  undefinedColumn: "42703",
  insufficientPrivilege: "42501",
} as const;

/** Longer than any transaction works between two statements: who is stopped meanwhile must not hold its locks for ever. */
const IDLE_IN_TRANSACTION_MS = 5_000;

const STATEMENT_MS = 30_000;

type PoolOptions = {
  name: string;
  max: number;
  statementMs?: number;
  /** Told of each statement that is sent; for tests. */
  watch?: (statement: string, parameters: unknown[]) => void;
};

/** The array types that statements are given, by the number that PostgreSQL has for each. */
const ARRAYS = {
  boolean: 1000,
  integer: 1007,
  text: 1009,
  bigint: 1016,
  float8: 1022,
  inet: 1041,
  date: 1182,
  time: 1183,
  uuid: 2951,
} as const;

const element = (value: unknown): string =>
  value === null ? "NULL" : `"${String(value).replaceAll(/[\\"]/g, "\\$&")}"`;

/**
 * As PostgreSQL reads an array. The library would ask each new connection for its types instead, and ends the process when
 * that connection is lost before the answer.
 */
const arrays = {
  to: ARRAYS.text,
  from: Object.values(ARRAYS),
  serialize: (values: unknown[]): string => `{${values.map(element).join(",")}}`,
  parse: (text: string): string => text,
};

/**
 * A pool; nothing is opened before the first query. Queries fail with an error once PostgreSQL was away for the connect time-out.
 * @param max connections at most. @param statementMs PostgreSQL gives a statement up that takes longer.
 */
export function connectPostgres(url: string, options: PoolOptions): Sql {
  const sql = postgres(url, {
    max: options.max,
    connect_timeout: 5,
    idle_timeout: 60,
    max_lifetime: 60 * 30,
    backoff: (tries) => Math.min(2, 0.1 * 2 ** tries) * Math.random(),
    connection: {
      application_name: options.name,
      statement_timeout: options.statementMs ?? STATEMENT_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
      TimeZone: "UTC",
      // Planned with its values, a statement opens only the partitions whose days it names; a plan for any value opens all.
      plan_cache_mode: "force_custom_plan",
    },
    fetch_types: false,
    types: { arrays },
    onnotice: () => undefined,
    ...(options.watch ? { debug: (_, statement, parameters) => options.watch?.(statement, parameters) } : {}),
  });
  const { begin, unsafe } = sql;
  // The handler of arrays is no type that a statement names: for who asks, the pool has none of its own.
  return new Proxy(
    Object.assign(sql as unknown as Sql, {
      begin: steadyBegin(begin),
      unsafe: (...args: Parameters<typeof unsafe>) => atDoor(unsafe(...args)),
    }),
    { apply: (target, self, args) => atDoor(Reflect.apply(target, self, args)) },
  );
}

/** Runs the work in a transaction of its own, or joins the transaction that is given. */
export function inTransaction<T>(db: Db, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return "savepoint" in db ? work(db) : (db.begin(work) as Promise<T>);
}
