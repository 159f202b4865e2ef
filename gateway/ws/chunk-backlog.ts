/** Cuts what a client lacks of a room into chunks that its socket may hold. Pure: reads nothing and sends nothing. */
import type { LoggedEvent, Position } from "../events/event.ts";

/**
 * Shares of the bytes that a socket may hold unsent. A chunk fills it up to the high watermark, because the client is told
 * other things meanwhile; the next chunk is sent once no more than the low watermark is unsent.
 */
export const HIGH_WATERMARK = 3 / 4;
export const LOW_WATERMARK = 1 / 4;

/** Events that follow a client's position. `isComplete`: so far there is nothing after them. */
export type Missed = { events: readonly LoggedEvent[]; isComplete: boolean };
export type Chunk = {
  events: readonly LoggedEvent[];
  /** Where the client stands once it has them. */
  cursor: Position;
  /** With it the client has everything. */
  isComplete: boolean;
  /** Its events follow the position before as live events do. A jump has to be told: at the start of an epoch, over a dead letter. */
  isContiguous: boolean;
};

/** @param since where the client stands. @param head where the room stands. @param maxBytes that the chunk may have. */
export function chunkBacklog(missed: Missed, since: Position, head: Position, maxBytes: number): Chunk {
  const events = firstWithin(missed.events, maxBytes);
  const last = events.at(-1);
  const isComplete = !last || (missed.isComplete && events.length === missed.events.length);
  const { epoch, seq } = isComplete ? head : last;
  const isContiguous = since.epoch === epoch && seq - since.seq === events.length;
  return { events, cursor: { epoch, seq }, isComplete, isContiguous };
}

/** As many of the first events as fit, at least one: every chunk gets the client on. */
function firstWithin(events: readonly LoggedEvent[], maxBytes: number): readonly LoggedEvent[] {
  let left = maxBytes;
  const end = events.findIndex(({ bytes }, index) => {
    // Between events of one frame stands a comma.
    left -= bytes.length + 1;
    return left < 0 && index > 0;
  });
  return end < 0 ? events : events.slice(0, end);
}
