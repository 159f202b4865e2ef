/**
 * How fast one socket may send frames: a token bucket per socket. Frames over the rate are refused; too many refused ones in a
 * row are a flood, which closes the socket. Frames that wait for earlier ones are bounded too.
 */
import type { Connection } from "./connection.ts";

export type FrameLimit = {
  /** Counts frames that came. */
  pace: (connection: Connection, frames: number) => "ok" | "too_fast" | "flood";
  /** Frames of one socket that may wait for the one being handled. */
  maxWaiting: number;
};

/** Of the refused, so many in a row are no accident. */
const FLOOD = 100;
/** So many may wait in any case; where a burst may be larger, as many as a burst has. */
const MIN_WAITING = 256;
/** Without a limit only memory counts: a frame has at most 4 KiB, so these are 64 MiB. */
const MAX_WAITING = 16_384;

/** @param perSecond and `burst` of frames; `on` false lifts the limit (load tests). */
export function createFrameLimit(
  { on, perSecond, burst }: { on: boolean; perSecond: number; burst: number },
  now = () => performance.now(),
): FrameLimit {
  return { pace, maxWaiting: on ? Math.max(MIN_WAITING, burst) : MAX_WAITING };

  function pace(connection: Connection, frames: number): "ok" | "too_fast" | "flood" {
    if (!on) return "ok";
    const time = now();
    const regained = ((time - connection.spentAt) * perSecond) / 1_000;
    // What was spent, never what is left: a new socket starts with zeros.
    connection.spent = Math.max(0, connection.spent - regained) + frames;
    connection.spentAt = time;
    if (connection.spent <= burst) return "ok";
    return connection.spent > burst + FLOOD ? "flood" : "too_fast";
  }
}
