/** Recognizes outages among the errors of PostgreSQL and of its client library, by class and code. */
import postgres from "postgres";
import { isNetworkError, Unavailable } from "../process/unavailable.ts";

/** SQLSTATE values or their classes: connection lost, insufficient resources, shut down, cancelled, read-only, deadlock. */
const SQLSTATES = /^(08|53|57P|57014|25006|25P03|40001|40P01|55P03|58)/;
/** The library's codes for a connection that failed or was lost. */
const CLIENT_CODES: ReadonlySet<unknown> = new Set([
  "CONNECT_TIMEOUT",
  "CONNECTION_CLOSED",
  "CONNECTION_DESTROYED",
  "CONNECTION_ENDED",
]);

/** @returns `Unavailable` for an outage, with the error as its cause; otherwise the error itself. */
export const postgresError = (error: unknown): unknown =>
  error instanceof Error && isOutage(error) ? new Unavailable(error.message, { cause: error }) : error;

function isOutage(error: Error): boolean {
  if (error instanceof postgres.PostgresError) return SQLSTATES.test(error.code);
  return CLIENT_CODES.has((error as { code?: unknown }).code) || isNetworkError(error);
}

/** A statement of the library: a promise that carries the functions that send it, answer it and fail it. */
export type Statement = {
  handler: ((statement: Statement) => unknown) & { debug?: unknown };
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
};
export const isStatement = (made: unknown): made is Statement =>
  made instanceof Promise && "reject" in made && "handler" in made;

/**
 * Makes a statement fail with `Unavailable` in an outage; other values of the library (names, values) are returned
 * unchanged. Costs nothing for a statement that succeeds.
 * @param onLoss called on an outage without an answer of PostgreSQL: the connection is lost.
 */
export function atDoor<Made>(made: Made, onLoss?: (outage: Unavailable) => void): Made {
  if (!isStatement(made)) return made;
  const { reject } = made;
  made.reject = (error) => {
    const met = postgresError(error);
    if (met instanceof Unavailable && !(error instanceof postgres.PostgresError)) onLoss?.(met);
    reject(met);
  };
  return made;
}
