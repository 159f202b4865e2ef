/**
 * Limits the rate of frames of one socket: a token bucket each. Frames over the rate are refused; too many refused ones
 * in a row are a flood, which closes the socket. Frames that wait for earlier ones are bounded too.
 */
import type { Connection } from "./connection.ts";

export type FrameLimit = {
  /** Counts frames that arrived. */
  pace: (connection: Connection, frames: number) => "ok" | "too_fast" | "flood";
  /** Max frames of one socket that wait for the one being handled. */
  maxWaiting: number;
};

/** Frames beyond the burst from which on it is no accident. */
const FLOOD = 100;
/** Min of the frames that may wait; a larger burst may wait whole. */
const MIN_WAITING = 256;
/** Without a limit only memory counts: 64 MiB, because a frame has at most 4 KiB. */
const MAX_WAITING = 16_384;

/** @param perSecond frames per second, on top of a `burst`; `on` false lifts the limit (load tests). */
export function createFrameLimit(
  { on, perSecond, burst }: { on: boolean; perSecond: number; burst: number },
  now = () => performance.now(),
): FrameLimit {
  return { pace, maxWaiting: on ? Math.max(MIN_WAITING, burst) : MAX_WAITING };

  function pace(connection: Connection, frames: number): "ok" | "too_fast" | "flood" {
    if (!on) return "ok";
    const time = now();
    const regained = ((time - connection.spentAt) * perSecond) / 1_000;
    // Spent frames are counted, not remaining ones, so that a new socket starts with zeros.
    connection.spent = Math.max(0, connection.spent - regained) + frames;
    connection.spentAt = time;
    if (connection.spent <= burst) return "ok";
    return connection.spent > burst + FLOOD ? "flood" : "too_fast";
  }
}
