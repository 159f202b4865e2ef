/** Whether the person may write now, and if not, why and for how long. */
import { computed, signal } from "@preact/signals";
import type { Restriction } from "../../shared/server-frames.ts";
import type { Clock } from "../sync/clock.ts";
import type { ServerTime } from "../sync/server-time.ts";
import { createCountdown } from "./countdown.ts";

export type RestrictionState = ReturnType<typeof createRestriction>;

export function createRestriction(clock: Clock, serverTime: ServerTime) {
  const reason = signal<string | undefined>(undefined);
  let until = 0;
  const countdown = createCountdown({ now: serverTime.now, after: clock.after });

  return {
    /** Undefined when writing is allowed. */
    current: computed(() => {
      const secondsLeft = countdown.secondsLeft.value;
      return secondsLeft === undefined ? undefined : { reason: reason.value ?? "", secondsLeft, until };
    }),
    /** Restricted until a time of the server's clock; undefined: not restricted. */
    set(restriction: Restriction | undefined) {
      begin(restriction?.reason, restriction?.until);
    },
    /** For a refusal with only a duration. Valid until the server sends more. */
    atLeast(code: string, ms: number) {
      if (countdown.secondsLeft.value !== undefined) return;
      begin(code, serverTime.now() + ms);
    },
  };

  function begin(why: string | undefined, end: number | undefined) {
    reason.value = why;
    until = end ?? 0;
    countdown.countTo(end);
  }
}
