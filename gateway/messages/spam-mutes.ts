/**
 * Mutes by the spam rule: every gateway notifies the user's sockets, and PostgreSQL stores the mute in case Redis loses
 * it.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { backoffMs } from "../../shared/backoff.ts";
import type { Log } from "../../shared/server/process/logger.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import type { Restriction } from "../../shared/server-frames.ts";
import type { Control } from "../control/control-log.ts";

/** `version`: of the user's row by which the rule decided. A moderator's later decision has the last word. */
export type SpamMute = { user: string; version: number } & Restriction;
type Keep = (mute: SpamMute) => Promise<unknown>;

export function createSpamMutes(control: Pick<Control, "restricted">, keep: Keep, log: Log) {
  return mute;

  /** Publishes and stores the mute; stores it also if the publication fails. */
  async function mute(mute: SpamMute): Promise<void> {
    try {
      await control.restricted(mute.user, mute.reason, mute.until);
    } finally {
      await keepNow(mute);
    }
  }

  async function keepNow(mute: SpamMute): Promise<void> {
    const { user } = mute;
    try {
      await keep(mute);
    } catch (error) {
      // Redis has the mute, so the sender gets the answer all the same.
      if (!(error instanceof Unavailable)) throw error;
      log.warn({ err: error, user }, "a mute is in Redis only");
      keepLater(mute).catch((cause: unknown) =>
        log.error({ err: cause, user }, "a mute stays in Redis only"),
      );
    }
  }

  /** Retries until PostgreSQL has the mute, or it has ended. */
  async function keepLater(mute: SpamMute): Promise<void> {
    for (let attempt = 0; Date.now() < mute.until; attempt++) {
      await sleep(backoffMs(attempt, 200, 10_000), undefined, { ref: false });
      try {
        await keep(mute);
        return;
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
      }
    }
  }
}
