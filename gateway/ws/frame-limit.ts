/**
 * How fast one socket may send frames: a token bucket in its own few numbers. What is too fast is refused; who goes on is a
 * flood. Frames that are within the rate and wait for those before them are bounded too.
 */
import type { Connection } from "./connection.ts";

export type FrameLimit = {
  /** Counts frames that came. */
  pace: (connection: Connection, frames: number) => "ok" | "too_fast" | "flood";
  /** Frames of one socket that may wait for the one being handled. */
  mostWaiting: number;
};

/** Of the refused, so many in a row are no accident. */
const FLOOD = 100;
/** So many may wait in any case; where a burst may be larger, as many as a burst has. */
const LEAST_WAITING = 256;
/** Without a limit only memory counts: a frame has at most 4 KiB, so these are 64 MiB. */
const MOST_WAITING = 16_384;

/** @param perSecond and `burst` of frames; `on` false lifts the limit (load tests). */
export function createFrameLimit(
  { on, perSecond, burst }: { on: boolean; perSecond: number; burst: number },
  now = () => performance.now(),
): FrameLimit {
  const pace: FrameLimit["pace"] = (connection, frames) => {
    if (!on) return "ok";
    const time = now();
    const regained = ((time - connection.spentAt) * perSecond) / 1_000;
    // What was spent, never what is left: a new socket starts with zeros.
    connection.spent = Math.max(0, connection.spent - regained) + frames;
    connection.spentAt = time;
    if (connection.spent <= burst) return "ok";
    if (connection.spent > burst + FLOOD) return "flood";
    return "too_fast";
  };
  return { pace, mostWaiting: on ? Math.max(LEAST_WAITING, burst) : MOST_WAITING };
}
