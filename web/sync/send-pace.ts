/**
 * When the person's next message may go out, by the rules that the server refuses it with otherwise: the slow mode of its room, and the
 * rate of the user. Keeps a message back a little, so that it is sent once and not refused first. The server decides: it also knows the
 * other tabs and devices of the user.
 */
import type { FrameCode } from "../../shared/codes.ts";

/** Of a user's messages: so many a second, and so many at once. */
export type Rate = { perSecond: number; burst: number };
export type Delay = { code: Extract<FrameCode, "slow_mode" | "too_fast">; until: number };

/** The message of before may have reached the server a little later than it was sent here. */
const SLACK_MS = 150;

export type SendPace = ReturnType<typeof createSendPace>;

type SendPaceDeps = {
  now: () => number;
  /** The time between two messages of the person in a room, ms; 0: any. */
  slowModeOf: (room: string) => number;
  /** Undefined: any rate. */
  rate: () => Rate | undefined;
};

export function createSendPace({ now, slowModeOf, rate }: SendPaceDeps) {
  /** The time of the last message by room. */
  const lastIn = new Map<string, number>();
  /** The messages that may go out at once, at a time. */
  let left = Number.POSITIVE_INFINITY;
  let leftAt = 0;

  return {
    /** @returns the reason why a message of the room has to wait, and until when; undefined: it has not. */
    delayOf(room: string): Delay | undefined {
      const slowMs = slowModeOf(room);
      const slowUntil = slowMs > 0 ? (lastIn.get(room) ?? Number.NEGATIVE_INFINITY) + slowMs + SLACK_MS : 0;
      if (slowUntil > now()) return { code: "slow_mode", until: slowUntil };
      const known = rate();
      if (!known) return undefined;
      const spendable = spendableAt(known);
      if (spendable >= 1) return undefined;
      return { code: "too_fast", until: now() + ((1 - spendable) * 1_000) / known.perSecond };
    },
    /** A message goes out now. */
    sent(room: string): void {
      const known = rate();
      if (known) left = spendableAt(known) - 1;
      leftAt = now();
      lastIn.set(room, now());
    },
    /** Another person is here. */
    forget(): void {
      lastIn.clear();
      left = Number.POSITIVE_INFINITY;
    },
    /** The server refused a message, which therefore does not count for the slow mode of its room. */
    refused(room: string): void {
      lastIn.delete(room);
    },
  };

  function spendableAt({ perSecond, burst }: Rate): number {
    // A clock that was set back gives nothing and takes nothing.
    const passedMs = Math.max(0, now() - leftAt);
    return Math.min(burst, left + (passedMs * perSecond) / 1_000);
  }
}
