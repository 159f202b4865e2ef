/**
 * Recognizes outages among the errors of Redis and of its client library. The only code that depends on the words of error messages,
 * because Redis names its errors by their first word and some errors of the library have neither a class nor a code.
 */
import { isNetworkError, Unavailable } from "../process/unavailable.ts";

/**
 * Errors of Redis by their first word, also when a script passes them on. A fault fails only the request or room that caused it; so
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
  // A bug of a script: it uses a key of another slot, or one that it was not given ("ERR … non local key").
  ["CROSSSLOT", "fault"],
  ["WRONGTYPE", "fault"],
  ["NOPERM", "fault"],
  ["NOSCRIPT", "fault"],
  ["EXECABORT", "fault"],
  ["ERR", "fault"],
]);

/** The messages of the library's errors that have no class of their own; a test compares them with the library. */
export const CLIENT_ERRORS: ReadonlySet<string> = new Set([
  "Connection is closed.",
  "Stream isn't writeable and enableOfflineQueue options is false",
  "Command timed out",
]);

/** @returns `Unavailable` for an outage, with the error as its cause; otherwise the error itself. */
export const redisError = (error: unknown): unknown =>
  error instanceof Error && isOutage(error) ? new Unavailable(error.message, { cause: error }) : error;

/** @returns the error of a command that a script reports beside its other answers: the same as if the script had failed. */
export function scriptError(words: string): Error {
  const error = new Error(words);
  error.name = "ReplyError";
  return redisError(error) as Error;
}

function isOutage(error: Error): boolean {
  switch (error.name) {
    case "ReplyError":
      return REDIS_ERRORS.get(error.message.split(" ", 1)[0] ?? "") === "outage";
    // The connection was closed before the command was answered.
    case "AbortError":
    case "MaxRetriesPerRequestError":
      return true;
    // Already converted: a command that waited for a connection was sent a second time.
    case "Unavailable":
      return false;
    default:
      return isNetworkError(error) || CLIENT_ERRORS.has(error.message);
  }
}
