/** Reads the figures of docs/capacity.md. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Footprint } from "./redis-footprint.ts";

const PAGE = join(import.meta.dirname, "../../docs/capacity.md");
const TOLERANCE = 0.1;

/** @throws Error when the formula has another form. */
export function readCapacity(): Footprint {
  const formula =
    /bytes = (\d+) × messages\n\s+\+ (\d+) × live rooms\n\s+\+ (\d+) × events in their logs\n\s+\+ (\d+) × idle rooms/u.exec(
      readFileSync(PAGE, "utf8"),
    );
  if (!formula) throw new Error("docs/capacity.md has no formula");
  const [message = 0, room = 0, event = 0, idleRoom = 0] = formula.slice(1).map(Number);
  return { message, room, event, idleRoom };
}

export const isNear = (measured: number, written: number): boolean =>
  Math.abs(measured - written) <= TOLERANCE * written;
