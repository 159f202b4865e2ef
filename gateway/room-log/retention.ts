/** Leaves out events past their retention, whichever store they come from: as if a room's log began above them. */

import type { LoggedEvent } from "../events/event.ts";
import type { RoomRead } from "./live-room.ts";

/** The start of the retention, ms: moves on at midnight, UTC. */
export type KeptSince = () => number;

const AT = /"seq":\d+,"at":(\d+)/;
/** Type, room, seq and time come first, in this order. */
const FRONT_BYTES = 160;

/** @returns the time of an event, ms; NaN for one that was rebuilt without its time. */
export const atOf = (bytes: Buffer): number =>
  Number(AT.exec(bytes.toString("latin1", 0, FRONT_BYTES))?.[1] ?? Number.NaN);

/** @returns how many of the first events are past their retention. Times do not decrease within a room. */
export function countExpired(events: readonly LoggedEvent[], from: number): number {
  let expired = 0;
  for (const [index, { bytes }] of events.entries()) {
    const at = atOf(bytes);
    if (at >= from) break;
    if (at < from) expired = index + 1;
  }
  return expired;
}

export function withoutExpired<R extends RoomRead>(read: R, from: number): R {
  const count = countExpired(read.entries, from);
  const upTo = read.entries[count - 1]?.seq;
  if (upTo === undefined) return read;
  const { floor, expired } = read.state;
  const state = { ...read.state, floor: Math.max(floor, upTo + 1), expired: Math.max(expired, upTo) };
  return { ...read, state, entries: read.entries.slice(count) };
}
