/**
 * Errors that pages report about themselves: counted, and logged in a few bounded lines. Anybody may send a report, so
 * it is evidence of nothing. It names places in our own scripts where a page failed, never text of a person.
 */
import type { ClientErrorBody } from "../../shared/http-api.ts";
import type { Log } from "../../shared/server/process/logger.ts";
import type { HttpLimits } from "../limits/http-rate-limits.ts";
import { type Device, deviceName } from "../sessions/device.ts";

export type ClientErrors = ReturnType<typeof createClientErrors>;

/** A fault in a new release is reported by every page at once: beyond this rate reports are only counted. */
const LINES_PER_MINUTE = 20;
const MINUTE_MS = 60_000;

export type ClientErrorsDeps = {
  log: Pick<Log, "warn">;
  limits: Pick<HttpLimits, "clientError">;
  /** Counts one report of this kind. */
  count: (where: ClientErrorBody["where"]) => void;
  /** A monotonic clock, in milliseconds. */
  now?: () => number;
};

export function createClientErrors({ log, limits, count, now = () => performance.now() }: ClientErrorsDeps) {
  let minute = Number.NEGATIVE_INFINITY;
  let lines = 0;
  let omitted = 0;

  return {
    /** @throws Problem `too_many_attempts`. */
    async tell({ where, name, at }: ClientErrorBody, { ip, userAgent }: Device): Promise<void> {
      await limits.clientError(ip);
      count(where);
      if (now() - minute >= MINUTE_MS) {
        minute = now();
        lines = 0;
      }
      if (lines === LINES_PER_MINUTE) {
        omitted++;
        return;
      }
      lines++;
      log.warn(
        { where, name, at, device: deviceName(userAgent), ...(omitted > 0 ? { omitted } : {}) },
        "a page failed",
      );
      omitted = 0;
    },
  };
}
