/**
 * The error of an outage: Redis or PostgreSQL is unreachable, full or overloaded. It is created where the stores are accessed, from
 * the class and code of the library's error (shared/server/redis/outages.ts, shared/server/postgres/outages.ts), and by our own code
 * in an outage. Every other error is a refusal or a bug.
 */

/** How long a client should wait in an outage before it retries. */
export const RETRY_AFTER_MS = 1_000;

/** An outage or overload, which a bounded number of retries may survive. The outcome of the failed operation is unknown. */
export class Unavailable extends Error {
  /** @param options `cause`: the library's error. */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "Unavailable";
  }
}

/** Node's error codes for a failed connection or name lookup. */
const NETWORK_CODES: ReadonlySet<unknown> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  // The machine lacks this address family.
  "EADDRNOTAVAIL",
  // The Unix socket does not exist.
  "ENOENT",
]);

/** Whether Node failed to reach a host, at any of its addresses if it has several. */
export const isNetworkError = (error: Error): boolean =>
  error instanceof AggregateError
    ? error.errors.some(isNetworkError)
    : NETWORK_CODES.has((error as { code?: unknown }).code);
