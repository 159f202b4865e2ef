/**
 * Faults of pages, as pages tell them: counted, and logged in a few bounded lines. Anybody may tell one, so it is no more than a word
 * of somebody's: it says where in our own scripts a page failed, never what a person wrote.
 */
import type { ClientErrorBody } from "../../shared/http-api.ts";
import type { Log } from "../../shared/server/process/logger.ts";
import type { HttpLimits } from "../limits/http-rate-limits.ts";
import { type Device, deviceName } from "../sessions/device.ts";

export type ClientErrors = ReturnType<typeof createClientErrors>;

/** A fault in a new release comes from every page at once: of so many lines in a minute the others are only counted. */
const LINES_PER_MINUTE = 20;
const MINUTE_MS = 60_000;

export type ClientErrorsDeps = {
  log: Pick<Log, "warn">;
  limits: Pick<HttpLimits, "clientError">;
  /** One more of this kind. */
  count: (where: ClientErrorBody["where"]) => void;
  /** A clock that never goes back, in milliseconds. */
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
