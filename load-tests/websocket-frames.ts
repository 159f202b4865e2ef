/** The frames of the WebSocket protocol (RFC 6455) that a load test needs. Pure. */

export const OPCODE = { continuation: 0, text: 1, close: 8, ping: 9, pong: 10 } as const;

/** Masks with zeros, because the protocol requires a mask and zeros cost nothing. At most 65,535 bytes. */
export function encodeFrame(opcode: number, payload: Buffer): Buffer {
  const long = payload.length > 125;
  const header = Buffer.alloc(long ? 8 : 6);
  header[0] = 0x80 | opcode;
  header[1] = 0x80 | (long ? 126 : payload.length);
  if (long) header.writeUInt16BE(payload.length, 2);
  return Buffer.concat([header, payload]);
}

/** @returns the bytes of an incomplete frame. */
export function decodeFrames(
  bytes: Buffer,
  onFrame: (opcode: number, payload: Buffer) => void,
): Buffer | null {
  let at = 0;
  while (bytes.length - at >= 2) {
    const first = bytes.readUInt8(at);
    const size = bytes.readUInt8(at + 1);
    if (first < 0x80 || (first & 15) === OPCODE.continuation)
      throw new Error("the server splits a message, which Suda's never does");
    const header = size < 126 ? 2 : size === 126 ? 4 : 10;
    if (bytes.length - at < header) break;
    const length =
      size < 126 ? size : size === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
    const end = at + header + length;
    if (bytes.length < end) break;
    onFrame(first & 15, bytes.subarray(at + header, end));
    at = end;
  }
  return at < bytes.length ? bytes.subarray(at) : null;
}
