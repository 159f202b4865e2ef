/** What follows when the spam rule strikes: the user's sockets are told everywhere, and PostgreSQL keeps the mute should Redis lose it. */
import { backoffMs } from "../../shared/backoff.ts";
import type { Log } from "../../shared/server/process/logger.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import type { Restriction } from "../../shared/server-frames.ts";
import type { Control } from "../control/control-log.ts";

/** `version`: of the user's row by which the rule struck. What a moderator decided after that has the last word. */
export type SpamMute = { user: string; version: number } & Restriction;
type Keep = (mute: SpamMute) => Promise<unknown>;

export function createSpamMutes(control: Pick<Control, "restricted">, keep: Keep, log: Log) {
  /** Until PostgreSQL has it, or it is over. */
  const keepLater = async (mute: SpamMute): Promise<void> => {
    for (let attempt = 0; Date.now() < mute.until; attempt++) {
      await new Promise((resolve) => setTimeout(resolve, backoffMs(attempt, 200, 10_000)).unref());
      try {
        await keep(mute);
        return;
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
      }
    }
  };

  const keepNow = async (mute: SpamMute): Promise<void> => {
    const { user } = mute;
    try {
      await keep(mute);
    } catch (error) {
      // Redis has it: the sender gets the answer all the same.
      if (!(error instanceof Unavailable)) throw error;
      log.warn({ err: error, user }, "a mute is in Redis only");
      keepLater(mute).catch((cause: unknown) =>
        log.error({ err: cause, user }, "a mute stays in Redis only"),
      );
    }
  };

  /** Both are tried, whatever becomes of the first. */
  return async (mute: SpamMute): Promise<void> => {
    try {
      await control.restricted(mute.user, mute.reason, mute.until);
    } finally {
      await keepNow(mute);
    }
  };
}
