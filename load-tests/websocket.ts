/** A WebSocket client for load generators, over the library `ws`: text frames, no compression, no protocol of Suda. */
import { WebSocket } from "ws";

export type WebSocketConnection = {
  send: (text: string) => void;
  close: () => void;
  /** Ends without a close frame, like a lost network. */
  cut: () => void;
  /** Stops reading until `resume`, like a frozen tab. */
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
  /** Called once, with 1006 if the connection ended without a close frame. */
  onClose: (code: number) => void;
};

/** No frame of a gateway is longer. */
const MAX_FRAME_BYTES = 16 * 1024 * 1024;

/** @throws Error when the upgrade is refused or the server cannot be reached. */
export function openWebSocket(options: WebSocketOptions): Promise<WebSocketConnection> {
  const { host, port, localAddress, signal, onText, onClose } = options;
  const socket = new WebSocket(`ws://${host}:${port}/ws`, {
    perMessageDeflate: false,
    skipUTF8Validation: true,
    // The protocol requires a mask, and zeros cost nothing.
    generateMask: (mask) => mask.fill(0),
    maxPayload: MAX_FRAME_BYTES,
    ...(localAddress ? { localAddress } : {}),
  });
  signal?.addEventListener("abort", () => socket.terminate(), { once: true });
  return new Promise((resolve, reject) => {
    socket.on("error", reject);
    socket.on("message", (payload: Buffer) => onText(payload));
    socket.once("close", () => reject(new Error("the connection ended during the upgrade")));
    socket.once("open", () => {
      socket.removeAllListeners("close");
      socket.on("close", onClose);
      resolve({
        send: (text) => socket.send(text),
        close: () => socket.close(1000),
        cut: () => socket.terminate(),
        pause: () => socket.pause(),
        resume: () => socket.resume(),
      });
    });
  });
}
