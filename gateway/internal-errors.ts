/**
 * Faults of our own while one request, frame or task is handled: that one fails, the process goes on. Owns how such a fault is
 * logged and counted, not how it is answered.
 */
import { randomBytes } from "node:crypto";
import type { Log } from "../shared/server/process/logger.ts";

/** What was being done: an HTTP request, a frame, an event of a socket, a room's log, the control log, a task of the heartbeat. */
export type Place = "request" | "frame" | "socket" | "room" | "control" | "task";
/** @returns the id under which the log has the fault, for the answer to carry. */
export type ReportInternalError = (error: unknown, where: Place, about?: Record<string, string>) => string;

/** Whoever can bring a fault about can do so without end: beyond so many lines in a second it is only counted. */
const LINES_PER_SECOND = 20;

/** @param count one more fault at this place. */
export function createInternalErrors(
  log: Pick<Log, "error">,
  count: (where: Place) => void,
  now = () => performance.now(),
): ReportInternalError {
  let second = Number.NEGATIVE_INFINITY;
  let lines = 0;
  let omitted = 0;

  return (error, where, about = {}) => {
    const requestId = randomBytes(9).toString("base64url");
    count(where);
    if (now() - second >= 1_000) {
      second = now();
      lines = 0;
    }
    if (lines === LINES_PER_SECOND) {
      omitted++;
      return requestId;
    }
    lines++;
    log.error(
      { err: error, where, requestId, ...about, ...(omitted > 0 ? { omitted } : {}) },
      "internal error: one unit of work failed, the process goes on",
    );
    omitted = 0;
    return requestId;
  };
}
