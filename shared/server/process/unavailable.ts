/** Tells the world's faults (Redis or PostgreSQL away, full or overloaded), which are retried, from our own, which fail what was asked. */

/** How long a client should wait before it tries again what an outage prevented. */
export const RETRY_AFTER_MS = 1_000;

/**
 * What an error of Redis means, by its first word, also when a script passes it on. A fault fails the one request or room
 * that met it; so does every word that is not listed.
 */
export const REDIS_ERRORS: ReadonlyMap<string, "outage" | "fault"> = new Map([
  ["OOM", "outage"],
  ["LOADING", "outage"],
  ["BUSY", "outage"],
  ["READONLY", "outage"],
  ["MISCONF", "outage"],
  ["MASTERDOWN", "outage"],
  ["CLUSTERDOWN", "outage"],
  ["TRYAGAIN", "outage"],
  ["MOVED", "outage"],
  ["ASK", "outage"],
  ["NOREPLICAS", "outage"],
  ["NOAUTH", "outage"],
  ["WRONGPASS", "outage"],
  // A script that names a key of another slot, or one it was not given ("ERR … non local key"), is wrongly written.
  ["CROSSSLOT", "fault"],
  ["WRONGTYPE", "fault"],
  ["NOPERM", "fault"],
  ["NOSCRIPT", "fault"],
  ["EXECABORT", "fault"],
  ["ERR", "fault"],
]);
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
  const [word = ""] = error.message.split(" ", 1);
  return REDIS_ERRORS.get(word) === "outage" || REDIS_CLIENT.test(error.message);
}
