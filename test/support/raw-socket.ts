/** A TCP connection to /ws on which a test writes any bytes, after the handshake or in place of it. */
import { connect } from "node:net";

export type RawFrame = {
  opcode: number;
  payload?: Uint8Array;
  /** The defaults make a valid frame. */
  fin?: boolean;
  rsv?: number;
  masked?: boolean;
  /** The length in the header, if it differs from the payload. */
  length?: bigint;
};

/** Opens a connection and writes nothing. */
export function rawLine(url: string) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const ended = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.on("error", () => socket.destroy());
  return {
    socket,
    write: (bytes: Uint8Array | string): void => void (socket.writable && socket.write(bytes)),
    /** Resolves when the connection has ended, from either side. */
    ended,
    cut: (): void => void socket.destroy(),
  };
}

export async function rawUpgrade(url: string, headers: Record<string, string> = {}) {
  const line = rawLine(url);
  const lines = {
    host: new URL(url).host,
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...headers,
  };
  const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
  line.write(`GET /ws HTTP/1.1\r\n${head.join("")}\r\n`);
  const answer = await new Promise<string>((resolve) => {
    line.socket.once("data", (data) => resolve(data.toString("latin1")));
    void line.ended.then(() => resolve(""));
  });
  // Reads and drops all data, because an unread connection does not end.
  line.socket.resume();
  return { ...line, status: Number(answer.split(" ")[1]) };
}

/** The bytes of a frame, valid or not. The mask is zeros. */
export function rawFrame({ opcode, payload = Buffer.alloc(0), ...rest }: RawFrame): Buffer {
  const { fin = true, rsv = 0, masked = true, length = BigInt(payload.length) } = rest;
  const first = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  const mask = masked ? 0x80 : 0;
  const head = Buffer.alloc(length < 126n ? 2 : length < 65_536n ? 4 : 10);
  head[0] = first;
  if (head.length === 2) head[1] = mask | Number(length);
  else if (head.length === 4) {
    head[1] = mask | 126;
    head.writeUInt16BE(Number(length), 2);
  } else {
    head[1] = mask | 127;
    head.writeBigUInt64BE(length, 2);
  }
  return Buffer.concat([head, Buffer.alloc(masked ? 4 : 0), payload]);
}
