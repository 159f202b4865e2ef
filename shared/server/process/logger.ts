/** Logs JSON lines to standard output. Messages are constant strings, data goes into fields; message texts, passwords and tokens never do. */
import { type DestinationStream, type Logger, pino } from "pino";

export type Log = Pick<Logger, "debug" | "info" | "warn" | "error" | "fatal">;

/**
 * @param name of the process, such as `gateway-2`: the field `name` of each line.
 * @param to the destination of the lines, for tests.
 */
export function createLog(name: string, level: string, to?: DestinationStream): Log {
  const options = { name, level, base: { name, pid: process.pid }, serializers: { err: describeError } };
  return to ? pino(options, to) : pino(options);
}

/** Removes the quoted input from the message of a JSON parse error. */
const withoutQuote = (text: string): string =>
  text.replace(/^.*is not valid JSON/m, "SyntaxError: not valid JSON");

/**
 * The fields of an error that may be logged. Only these, because Redis errors carry the command with its arguments and PostgreSQL
 * errors carry the row, and both may hold texts, hashes and tokens.
 */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return {
    type: error.name,
    message: withoutQuote(error.message),
    stack: withoutQuote(error.stack ?? ""),
    ...(typeof code === "string" ? { code } : {}),
    ...(cause instanceof Error ? { cause: describeError(cause) } : {}),
    ...(error instanceof AggregateError ? { errors: error.errors.map(describeError) } : {}),
  };
}
