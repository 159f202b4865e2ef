/**
 * The only place that opens PostgreSQL. SQL itself is in `*-queries.ts` files, each with one `create…Queries(db)`: created from a
 * pool, the queries can get a time limit and be replaced in tests as one object; created from a transaction, they join it. The
 * worker limits whole tasks and nearly always works in a transaction, so its queries are functions of `(tx, ...)`.
 */
import postgres from "postgres";
import { atDoor } from "./outages.ts";
import { steadyBegin } from "./steady-transactions.ts";

export type Sql = postgres.Sql;
export type Transaction = postgres.TransactionSql;
/** Anything that can run statements. */
export type Db = Sql | Transaction;
export const PostgresError = postgres.PostgresError;

/** SQLSTATE values that the code handles. */
export const SQLSTATE = {
  uniqueViolation: "23505",
  checkViolation: "23514",
  undefinedTable: "42P01",
  undefinedColumn: "42703",
  insufficientPrivilege: "42501",
} as const;

/** Longer than any transaction pauses between two statements, so that a suspended process does not keep its locks forever. */
const IDLE_IN_TRANSACTION_MS = 5_000;

const STATEMENT_MS = 30_000;

/** In seconds. */
const POOLED = { idle_timeout: 60, max_lifetime: 60 * 30 };
/** Never: 0. */
const KEPT = { idle_timeout: 0, max_lifetime: 0 };
/** A session of a machine that vanished is over after some ten seconds. */
const SOON_FOUND = { tcp_keepalives_idle: 4, tcp_keepalives_interval: 2, tcp_keepalives_count: 3 };

type PoolOptions = {
  name: string;
  max: number;
  statementMs?: number;
  /** The connections carry state, such as a lock: they are kept, and PostgreSQL finds out soon when this machine is gone. */
  isSession?: boolean;
  /** Called with each statement that is sent; for tests. */
  watch?: (statement: string, parameters: unknown[]) => void;
};

/** The array types that statements use, with their type ids (OIDs) in PostgreSQL. */
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

function element(value: unknown): string {
  if (value === null) return "NULL";
  if (typeof value === "number") return String(value);
  const text = String(value);
  // Few texts hold one, and replacing costs more than looking.
  return /[\\"]/.test(text) ? `"${text.replaceAll(/[\\"]/g, "\\$&")}"` : `"${text}"`;
}

/**
 * Serializes arrays. Without these types the library queries the types on each new connection, and a connection that is lost before
 * the answer ends the process.
 */
const arrays = {
  to: ARRAYS.text,
  from: Object.values(ARRAYS),
  serialize: (values: unknown[]): string => `{${values.map(element).join(",")}}`,
  parse: (text: string): string => text,
};

/**
 * Creates a pool, which opens no connection before the first query. Queries fail once PostgreSQL was unreachable for the connect
 * timeout.
 * @param options `max`: max connections. `statementMs`: `statement_timeout`.
 */
export function connectPostgres(url: string, options: PoolOptions): Sql {
  const sql = postgres(url, {
    max: options.max,
    connect_timeout: 5,
    ...(options.isSession ? KEPT : POOLED),
    backoff: (tries) => Math.min(2, 0.1 * 2 ** tries) * Math.random(),
    connection: {
      application_name: options.name,
      statement_timeout: options.statementMs ?? STATEMENT_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
      TimeZone: "UTC",
      // A plan made for a statement's values opens only the partitions of the days in them; a generic plan opens all.
      plan_cache_mode: "force_custom_plan",
      ...(options.isSession ? SOON_FOUND : {}),
    },
    fetch_types: false,
    types: { arrays },
    onnotice: () => undefined,
    ...(options.watch ? { debug: (_, statement, parameters) => options.watch?.(statement, parameters) } : {}),
  });
  const { begin, unsafe } = sql;
  // The array types are not part of the type of the pool, because no statement names them.
  return new Proxy(
    Object.assign(sql as unknown as Sql, {
      begin: steadyBegin(begin),
      unsafe: (...args: Parameters<typeof unsafe>) => atDoor(unsafe(...args)),
    }),
    { apply: (target, self, args) => atDoor(Reflect.apply(target, self, args)) },
  );
}

/** Runs `work` in the given transaction, or in a new one. */
export function inTransaction<T>(db: Db, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return "savepoint" in db ? work(db) : (db.begin(work) as Promise<T>);
}
