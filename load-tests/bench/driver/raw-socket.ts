/** A WebSocket of the driver: speaks frames by hand, and all sockets read into one buffer. */
import { connect } from "node:net";
import { CLOSE, createFrameWalker, type OnFrame, PING, PONG, TEXT } from "./frame-walker.ts";

export type RawSocket = {
  send: (text: string) => void;
  /** Ends without a close frame, like a lost network. */
  cut: () => void;
};
export type Address = { host: string; port: number; path: string; localAddress?: string };

const READ_BYTES = 1 << 18;
/** The bytes of a read are used up before the next read of any socket. */
const shared = Buffer.allocUnsafeSlow(READ_BYTES);
/** Sixteen bytes, as the protocol wants, and always the same ones. */
const KEY = "c3VkYS1iZW5jaG1hcmstMQ==";

/** @param onEnd called once, unless `cut` was. @throws Error when the upgrade is refused or the server cannot be reached. */
export function openRawSocket(
  { host, port, path, localAddress }: Address,
  onText: (buffer: Buffer, from: number, to: number) => void,
  onEnd: () => void,
): Promise<RawSocket> {
  return new Promise((resolve, reject) => {
    let answer: string | undefined = "";
    let isCut = false;
    const walk = createFrameWalker(onFrame);
    const socket = connect({
      ...{ host, port, noDelay: true, ...(localAddress ? { localAddress } : {}) },
      onread: {
        buffer: shared,
        callback: (length, chunk) => {
          if (answer === undefined) walk(chunk as Buffer, length);
          else upgrade(chunk as Buffer, length);
          return true;
        },
      },
    });
    socket.on("connect", () => socket.write(upgradeRequest(host, port, path)));
    socket.on("error", reject);
    socket.on("close", () => {
      reject(new Error("the connection ended during the upgrade"));
      if (!isCut) onEnd();
    });

    function upgrade(chunk: Buffer, length: number): void {
      answer += chunk.toString("latin1", 0, length);
      const end = answer?.indexOf("\r\n\r\n") ?? -1;
      if (end < 0 || answer === undefined) return;
      if (!/^HTTP\/1.1 101 /.test(answer)) {
        reject(new Error(`the upgrade was answered with ${answer.slice(0, 80)}`));
        return void socket.destroy();
      }
      const rest = Buffer.from(answer.slice(end + 4), "latin1");
      answer = undefined;
      resolve({
        send: (text) => socket.write(encodeFrame(TEXT, text)),
        cut: () => {
          isCut = true;
          socket.destroy();
        },
      });
      // Frames that came with the answer wait for the caller to have its socket.
      if (rest.length > 0) queueMicrotask(() => walk(rest, rest.length));
    }

    function onFrame(...[buffer, from, to, opcode]: Parameters<OnFrame>): void {
      if (opcode === PING) socket.write(encodeFrame(PONG, buffer.toString("latin1", from, to)));
      else if (opcode === CLOSE) socket.end(encodeFrame(CLOSE, ""));
      else if (opcode !== PONG) onText(buffer, from, to);
    }
  });
}

const upgradeRequest = (host: string, port: number, path: string): string =>
  `GET ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
  `Sec-WebSocket-Key: ${KEY}\r\nSec-WebSocket-Version: 13\r\n\r\n`;

/** A frame of a client. The protocol requires a mask, and one of zeros costs nothing. @param text ASCII. */
function encodeFrame(opcode: number, text: string): Buffer {
  const isLong = text.length > 125;
  const frame = Buffer.allocUnsafe(text.length + (isLong ? 8 : 6));
  frame[0] = 128 | opcode;
  frame[1] = 128 | (isLong ? 126 : text.length);
  if (isLong) frame.writeUInt16BE(text.length, 2);
  const maskAt = isLong ? 4 : 2;
  frame.writeUInt32BE(0, maskAt);
  frame.write(text, maskAt + 4, "latin1");
  return frame;
}
