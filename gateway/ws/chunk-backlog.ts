/** Cuts a client's backlog into chunks that its socket may hold. Pure: reads nothing and sends nothing. */
import type { LoggedEvent, Position } from "../events/event.ts";

/**
 * Shares of the unsent bytes that a socket may hold. A chunk fills the buffer up to the high watermark, because other
 * frames need room too; the next chunk is sent once the unsent bytes are down to the low watermark.
 */
export const HIGH_WATERMARK = 3 / 4;
export const LOW_WATERMARK = 1 / 4;

/** Events after a client's position. `isComplete`: no events follow them yet. */
export type Missed = { events: readonly LoggedEvent[]; isComplete: boolean };
export type Chunk = {
  events: readonly LoggedEvent[];
  /** The client's position after this chunk. */
  cursor: Position;
  /** No events follow this chunk. */
  isComplete: boolean;
  /**
   * The events follow the client's position without a jump, so no `joined` is needed. Jumps: a new epoch, a dead
   * letter.
   */
  isContiguous: boolean;
};

/**
 * @param since the client's position.
 * @param head the room's position.
 * @param maxBytes size limit of the chunk.
 */
export function chunkBacklog(missed: Missed, since: Position, head: Position, maxBytes: number): Chunk {
  const events = firstWithin(missed.events, maxBytes);
  const last = events.at(-1);
  const isComplete = !last || (missed.isComplete && events.length === missed.events.length);
  const { epoch, seq } = isComplete ? head : last;
  const isContiguous = since.epoch === epoch && seq - since.seq === events.length;
  return { events, cursor: { epoch, seq }, isComplete, isContiguous };
}

/** @returns as many of the first events as fit, at least one, so that every chunk makes progress. */
function firstWithin(events: readonly LoggedEvent[], maxBytes: number): readonly LoggedEvent[] {
  let left = maxBytes;
  const end = events.findIndex(({ bytes }, index) => {
    // Events of one frame are separated by commas.
    left -= bytes.length + 1;
    return left < 0 && index > 0;
  });
  return end < 0 ? events : events.slice(0, end);
}
