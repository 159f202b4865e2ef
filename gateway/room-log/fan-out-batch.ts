/**
 * Adaptive batching of one room's events: encoded once, published once. In a quiet room events are published at once.
 * When they come faster than they can be fanned out one by one, they are held for a moment and go out as one frame with
 * an array.
 */

/**
 * A write costs gateway, proxy and browser together some 15 µs: held this long, events take at most a third of a core.
 */
const HOLD_MS_PER_MEMBER = 0.05;
const MIN_HOLD_MS = 2;
const MAX_HOLD_MS = 100;

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
