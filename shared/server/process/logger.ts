/** JSON lines on standard output. Messages are constant strings, data goes into fields; never text, password or token. */
import { type DestinationStream, type Logger, pino } from "pino";

export type Log = Pick<Logger, "debug" | "info" | "warn" | "error" | "fatal">;

/**
 * @param name the process, `gateway-2` for instance: the field `name` of each line.
 * @param to where the lines go, for tests.
 */
export function createLog(name: string, level: string, to?: DestinationStream): Log {
  const options = { name, level, base: { name, pid: process.pid }, serializers: { err: describeError } };
  return to ? pino(options, to) : pino(options);
}

/** A text that is no JSON is quoted by the error that says so. */
const withoutQuote = (text: string): string =>
  text.replace(/^.*is not valid JSON/m, "SyntaxError: not valid JSON");

/**
 * What a log may hold of an error. Redis' errors carry the command with its arguments, PostgreSQL's the row: texts, hashes
 * and tokens, so that only what is named here is taken.
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
