/** Tells the world's faults (Redis or PostgreSQL away, full or overloaded) from our own: those are answered, ours crash. */

/** How long a client should wait before it tries again what an outage prevented. */
export const RETRY_AFTER_MS = 1_000;

const REDIS_REPLIES = /^(OOM|LOADING|BUSY|READONLY|MISCONF|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|NOREPLICAS)\b/;
const REDIS_CLIENT =
  /Connection is closed|Command timed out|Stream isn't writeable|Reached the max retries|connection close/i;
const NODE_CODES =
  /^(ECONN(REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ENOENT)$/;
const POSTGRES_CODES = /^(CONNECTION_|CONNECT_TIMEOUT|08|53|57P|57014|25006|25P03|40001|40P01|55P03|58)/;

/** True when the error is an outage or overload that a bounded retry may outlive. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.some(isOutage);
  const code = (error as { code?: unknown }).code;
  if (typeof code === "string" && (NODE_CODES.test(code) || POSTGRES_CODES.test(code))) return true;
  return REDIS_REPLIES.test(error.message) || REDIS_CLIENT.test(error.message);
}
