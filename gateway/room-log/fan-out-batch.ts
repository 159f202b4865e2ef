/**
 * Batches of one room's events: encoded once, published once. Events that come while the room waits for its turn (fan-out-pace.ts) go
 * out as one frame with an array.
 */
import type { FanOutPace } from "./fan-out-pace.ts";

const OPEN = Buffer.from("[");
const COMMA = Buffer.from(",");
const CLOSE = Buffer.from("]");

/** @returns one frame of several, in order. */
export function frameOf(parts: readonly Buffer[]): Buffer {
  const [first] = parts;
  if (first && parts.length === 1) return first;
  const pieces: Buffer[] = [OPEN];
  for (const part of parts) {
    if (pieces.length > 1) pieces.push(COMMA);
    pieces.push(part);
  }
  pieces.push(CLOSE);
  return Buffer.concat(pieces);
}

export type Batch = { push: (event: Buffer) => void; flush: () => void; close: () => void };

/**
 * @param members how many sockets a publish reaches now.
 * @param publish gets one frame for all of them.
 */
export function createBatch(
  pace: FanOutPace,
  members: () => number,
  publish: (frame: Buffer) => void,
): Batch {
  let held: Buffer[] = [];
  let isWaiting = false;

  return {
    push(event) {
      held.push(event);
      if (isWaiting) return;
      isWaiting = true;
      pace.take(goOn);
    },
    flush,
    close() {
      held = [];
    },
  };

  function goOn(): void {
    isWaiting = false;
    flush();
  }

  function flush(): void {
    if (held.length === 0) return;
    const frame = frameOf(held);
    held = [];
    pace.spend(members());
    publish(frame);
  }
}
