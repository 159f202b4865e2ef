/**
 * The error of an outage: Redis or PostgreSQL is away, full or overloaded. It is made at the two doors to the stores, by class and
 * code of the library's error (shared/server/redis/outages.ts, shared/server/postgres/outages.ts), and by our own code for the
 * same reason. Everything else that fails is a fault of ours, or a refusal.
 */

/** How long a client should wait before it tries again what an outage prevented. */
export const RETRY_AFTER_MS = 1_000;

/** An outage or overload that a bounded retry may outlive. Whether what was asked for happened is unknown. */
export class Unavailable extends Error {
  /** @param options `cause`: the error of the library. */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "Unavailable";
  }
}

/** What Node says of a connection or of a host name that cannot be had. */
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
  // Of an address family that this machine has not.
  "EADDRNOTAVAIL",
  // No such socket in the file system.
  "ENOENT",
]);

/** Whether Node itself failed to reach a host: at one of its addresses, where it has several. */
export const isNetworkError = (error: Error): boolean =>
  error instanceof AggregateError
    ? error.errors.some(isNetworkError)
    : NETWORK_CODES.has((error as { code?: unknown }).code);
