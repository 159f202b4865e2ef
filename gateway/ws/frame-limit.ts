/** How fast one socket may send frames: a token bucket in its own few numbers. What is too fast is refused; who goes on is a flood. */
import type { Connection } from "./connection.ts";

export type FrameLimit = (connection: Connection, frames: number) => "ok" | "too_fast" | "flood";

/** Of the refused, so many in a row are no accident. */
const FLOOD = 100;

/** @param perSecond and `burst` of frames; `on` false lifts the limit. */
export function createFrameLimit(
  { on, perSecond, burst }: { on: boolean; perSecond: number; burst: number },
  now = () => performance.now(),
): FrameLimit {
  return (connection, frames) => {
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
}
