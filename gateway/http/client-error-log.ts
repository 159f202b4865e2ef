/**
 * Errors that pages report about themselves: counted, and logged in a few bounded lines. Anybody may send a report, so
 * it is evidence of nothing. It names places in our own scripts where a page failed, never text of a person.
 */
import type { ClientErrorBody } from "../../shared/http-api.ts";
import { createLineLimit } from "../../shared/server/process/line-limit.ts";
import type { Log } from "../../shared/server/process/logger.ts";
import type { HttpLimits } from "../limits/http-rate-limits.ts";
import { type Device, deviceName } from "../sessions/device.ts";

export type ClientErrors = ReturnType<typeof createClientErrors>;

export type ClientErrorsDeps = {
  log: Pick<Log, "warn">;
  limits: Pick<HttpLimits, "clientError">;
  /** Counts one report of this kind. */
  count: (where: ClientErrorBody["where"]) => void;
  /** A monotonic clock, in milliseconds. */
  now?: () => number;
};

export function createClientErrors({ log, limits, count, now = () => performance.now() }: ClientErrorsDeps) {
  // A fault in a new release is reported by every page at once.
  const write = createLineLimit((fields: object) => log.warn(fields, "a page failed"), now);

  return {
    /** @throws Problem `too_many_attempts`. */
    async tell({ where, name, at }: ClientErrorBody, { ip, userAgent }: Device): Promise<void> {
      await limits.clientError(ip);
      count(where);
      write({ where, name, at, device: deviceName(userAgent) });
    },
  };
}
