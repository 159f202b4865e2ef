/** JSON lines on standard output. Messages are constant strings, data goes into fields; never text, password or token. */
import { type Logger, pino } from "pino";

export type Log = Pick<Logger, "debug" | "info" | "warn" | "error" | "fatal">;

/** @param name the process, `gateway-2` for instance: the field `name` of each line. */
export function createLog(name: string, level: string): Log {
  return pino({ name, level, base: { name, pid: process.pid } });
}
