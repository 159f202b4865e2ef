/**
 * Which errors of Redis, and of the library that speaks to it, are outages. Owns the only words of others that the code goes by:
 * Redis names its errors by their first word, and the library has neither a class nor a code for some of its own.
 */
import { isNetworkError, Unavailable } from "../process/unavailable.ts";

/**
 * An error of Redis by its first word, also when a script passes it on. A fault fails the one request or room that met it; so
 * does every word that is not listed.
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

/** Errors of the library that have no class of their own, word by word; a test holds them to what it says. */
export const CLIENT_ERRORS: ReadonlySet<string> = new Set([
  "Connection is closed.",
  "Stream isn't writeable and enableOfflineQueue options is false",
  "Command timed out",
]);

/** @returns the error as `Unavailable` when it is an outage, otherwise as it is. */
export const redisError = (error: unknown): unknown =>
  error instanceof Error && isOutage(error) ? new Unavailable(error.message, { cause: error }) : error;

function isOutage(error: Error): boolean {
  switch (error.name) {
    case "ReplyError":
      return REDIS_ERRORS.get(error.message.split(" ", 1)[0] ?? "") === "outage";
    // The connection ended while the command was under way.
    case "AbortError":
    case "MaxRetriesPerRequestError":
      return true;
    // Given back by a command that waited for a connection and was sent a second time.
    case "Unavailable":
      return false;
    default:
      return isNetworkError(error) || CLIENT_ERRORS.has(error.message);
  }
}
