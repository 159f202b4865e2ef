/**
 * Adaptive batching of one room's events: encoded once, published once. A quiet room does not wait; when events come
 * faster than they can be fanned out one by one, they are held a little and go out as one frame with an array.
 */

/** A write costs gateway, proxy and browser some 15 µs together: held so long, an event takes a third of a core at most. */
const HOLD_MS_PER_MEMBER = 0.05;
const MIN_HOLD_MS = 2;
const MAX_HOLD_MS = 100;

const OPEN = Buffer.from("[");
const COMMA = Buffer.from(",");
const CLOSE = Buffer.from("]");

/** One frame for one or more frames, in order. */
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

/** @param members how many sockets a publish reaches now. @param publish gets one frame for all of them. */
export function createBatch(
  members: () => number,
  publish: (frame: Buffer) => void,
  now = () => performance.now(),
): Batch {
  let held: Buffer[] = [];
  let flushedAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  return {
    push(event) {
      held.push(event);
      if (timer) return;
      const hold = Math.min(MAX_HOLD_MS, Math.max(MIN_HOLD_MS, members() * HOLD_MS_PER_MEMBER));
      const wait = flushedAt + hold - now();
      if (wait <= 0) flush();
      else timer = setTimeout(flush, wait);
    },
    flush,
    close() {
      clearTimeout(timer);
      timer = undefined;
      held = [];
    },
  };

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (held.length === 0) return;
    const frame = frameOf(held);
    held = [];
    flushedAt = now();
    publish(frame);
  }
}
