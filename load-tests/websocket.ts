/**
 * A WebSocket client for load generators: text frames over a raw socket, no compression. The package `ws` could take its place:
 * in a comparison that was thrown away neither was clearly cheaper.
 */

import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { decodeFrames, encodeFrame, OPCODE } from "./websocket-frames.ts";

export type WebSocketConnection = {
  send: (text: string) => void;
  close: () => void;
  /** Ends without a close frame, as when the network is gone. */
  cut: () => void;
  /** Stops reading, as a frozen tab does, until `resume`. */
  pause: () => void;
  resume: () => void;
};
export type WebSocketOptions = {
  host: string;
  port: number;
  /** Source address: one address has only some 28,000 ports. */
  localAddress?: string;
  /** Aborts connecting, and cuts the connection once it is open. */
  signal?: AbortSignal;
  onText: (payload: Buffer) => void;
  /** Once. 1006 when the connection ended without a close frame. */
  onClose: (code: number) => void;
};

const CUT = 1006;

/** @throws Error when the upgrade is refused or the server cannot be reached. */
export function openWebSocket(options: WebSocketOptions): Promise<WebSocketConnection> {
  const { host, port, localAddress, signal } = options;
  const socket = connect({
    host,
    port,
    ...(localAddress ? { localAddress } : {}),
    ...(signal ? { signal } : {}),
  });
  socket.setNoDelay(true);
  socket.write(
    `GET /ws HTTP/1.1\r\nHost: ${host}:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString("base64")}\r\n\r\n`,
  );
  return new Promise((resolve, reject) => {
    let head = "";
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("the connection ended during the upgrade")));
    socket.on("data", function upgrade(chunk: Buffer) {
      head += chunk.toString("latin1");
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) return;
      const status = head.slice(0, head.indexOf("\r\n"));
      if (!status.includes(" 101 ")) return void socket.destroy(new Error(`no upgrade: ${status}`));
      socket.removeAllListeners();
      resolve(talk(socket, options));
      const rest = Buffer.from(head.slice(end + 4), "latin1");
      if (rest.length > 0) socket.emit("data", rest);
    });
  });
}

function talk(socket: Socket, { onText, onClose }: WebSocketOptions): WebSocketConnection {
  let code: number = CUT;
  let kept: Buffer | null = null;

  const write = (opcode: number, payload: Buffer): void => {
    if (socket.writable) socket.write(encodeFrame(opcode, payload));
  };
  const onFrame = (opcode: number, payload: Buffer): void => {
    if (opcode === OPCODE.text) onText(payload);
    else if (opcode === OPCODE.ping) write(OPCODE.pong, payload);
    else if (opcode === OPCODE.close) {
      code = payload.length >= 2 ? payload.readUInt16BE(0) : 1005;
      write(OPCODE.close, payload.subarray(0, 2));
      socket.end();
    }
  };
  socket.on("data", (chunk: Buffer) => {
    kept = decodeFrames(kept ? Buffer.concat([kept, chunk]) : chunk, onFrame);
  });
  // A "close" event follows each error.
  socket.on("error", () => socket.destroy());
  socket.on("close", () => onClose(code));
  return {
    send: (text) => write(OPCODE.text, Buffer.from(text)),
    close: () => {
      write(OPCODE.close, Buffer.from([1000 >> 8, 1000 & 255]));
      socket.end();
    },
    cut: () => void socket.destroy(),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
  };
}
