/**
 * Bugs during one request, frame or task: that one fails, the process goes on. Owns how a bug is logged and counted,
 * not how it is answered.
 */
import { randomBytes } from "node:crypto";
import type { Log } from "../shared/server/process/logger.ts";

/**
 * The work during which it happened: an HTTP request, a frame, an event of a socket, a room's log, the control log, a
 * task of the heartbeat.
 */
export type Place = "request" | "frame" | "socket" | "room" | "control" | "task";
/** @returns the id of the bug in the log, for the answer to carry. */
export type ReportInternalError = (error: unknown, where: Place, about?: Record<string, string>) => string;

/** A client that can trigger a bug can do so without end: beyond this rate bugs are only counted. */
const LINES_PER_SECOND = 20;

/** @param count counts a bug at this place. */
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
