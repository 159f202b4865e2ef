/** Cuts a stream of bytes into the WebSocket frames of a server, by their headers alone. Copies only what a read cut in two. */

/** The payload is `buffer[from..to)`, and valid during the call only. */
export type OnFrame = (buffer: Buffer, from: number, to: number, opcode: number) => void;

export const TEXT = 1;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

const FIRST_CARRY_BYTES = 512;
const NO_BYTES = Buffer.alloc(0);

/** @returns a function that takes the next `length` bytes of the stream. Frames of servers are never masked. */
export function createFrameWalker(onFrame: OnFrame): (chunk: Buffer, length: number) => void {
  /** The beginning of a frame whose rest was not read yet. */
  let carry: Buffer = NO_BYTES;
  let held = 0;

  return (chunk, length) => {
    let at = 0;
    while (held > 0 && at < length) at += complete(chunk, at, length);
    while (at < length) {
      const size = frameBytes(chunk, at, length - at);
      if (size === 0 || at + size > length) return hold(chunk, at, length);
      onFrame(chunk, at + headerBytes(chunk, at), at + size, (chunk[at] ?? 0) & 15);
      at += size;
    }
  };

  /** @returns the number of bytes that it took for the frame in `carry`. */
  function complete(chunk: Buffer, at: number, length: number): number {
    const size = frameBytes(carry, 0, held);
    const wanted = size > 0 ? size : held < 2 ? 2 : headerBytes(carry, 0);
    const taken = Math.min(wanted - held, length - at);
    hold(chunk, at, at + taken);
    // An empty frame is whole with its header.
    const whole = frameBytes(carry, 0, held);
    if (whole > 0 && held === whole) {
      held = 0;
      onFrame(carry, headerBytes(carry, 0), whole, (carry[0] ?? 0) & 15);
    }
    return taken;
  }

  function hold(chunk: Buffer, from: number, to: number): void {
    const needed = held + to - from;
    if (carry.length < needed) {
      const larger = Buffer.allocUnsafeSlow(Math.max(FIRST_CARRY_BYTES, needed * 2));
      carry.copy(larger, 0, 0, held);
      carry = larger;
    }
    chunk.copy(carry, held, from, to);
    held = needed;
  }
}

/** Needs the first two bytes. */
function headerBytes(buffer: Buffer, at: number): number {
  const length = (buffer[at + 1] ?? 0) & 127;
  return length < 126 ? 2 : length === 126 ? 4 : 10;
}

/** @returns the length of the frame with its header; 0 while too little of the header is there. */
function frameBytes(buffer: Buffer, at: number, available: number): number {
  if (available < 2) return 0;
  const length = (buffer[at + 1] ?? 0) & 127;
  if (length < 126) return 2 + length;
  if (length === 126) return available < 4 ? 0 : 4 + buffer.readUInt16BE(at + 2);
  return available < 10 ? 0 : 10 + buffer.readUInt32BE(at + 2) * 2 ** 32 + buffer.readUInt32BE(at + 6);
}
