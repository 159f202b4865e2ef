/** One connection from `hello` to its end: demands a `welcome` in time, pings, detects silence. Does not reconnect. */
import type { ClientFrame, Hello } from "../../../shared/client-frames.ts";
import type { ServerFrame, Welcome } from "../../../shared/server-frames.ts";
import { PING_MS, WELCOME_TIMEOUT_MS } from "../../../shared/timeouts.ts";
import { openWebSocket, type WebSocketConnection } from "../../websocket.ts";

export type Address = { host: string; port: number };
export type Decode = (payload: Buffer) => readonly ServerFrame[];

export type ConnectionEvents = {
  /** Once, first. */
  welcome: (welcome: Welcome) => void;
  frame: (frame: ServerFrame) => void;
  /** Once, last; not after `close`. */
  ended: (code: number) => void;
};

export type Connection = {
  send: (frame: ClientFrame) => void;
  close: () => void;
  /** Ends without a close frame, like a lost network. */
  cut: () => void;
  /** Reads nothing and runs no timer until `thaw`, like a sleeping tab. */
  freeze: () => void;
  thaw: () => void;
};

/** As in the browser: three pings without an answer reveal a dead connection before the 12 s of silence do. */
const SILENCE_MS = 3 * PING_MS;
/** The code of a connection that ended without a close frame. */
export const LOST = 1006;

export function openConnection(
  address: Address,
  hello: Hello,
  decode: Decode,
  events: ConnectionEvents,
): Connection {
  const dialling = new AbortController();
  let socket: WebSocketConnection | undefined;
  let over = false;
  let welcomed = false;
  let heardAt = performance.now();
  let pinger: NodeJS.Timeout | undefined;
  const welcomeTimer = setTimeout(lost, WELCOME_TIMEOUT_MS);

  openWebSocket({ ...address, signal: dialling.signal, onText, onClose: end }).then((opened) => {
    socket = opened;
    if (over) opened.cut();
    else send(hello);
  }, lost);

  return {
    send,
    close() {
      if (over) return;
      release();
      if (socket) socket.close();
      else dialling.abort();
    },
    cut: lost,
    freeze() {
      clearInterval(pinger);
      socket?.pause();
    },
    thaw() {
      if (over) return;
      startPinging();
      socket?.resume();
    },
  };

  function send(frame: ClientFrame): void {
    if (!over) socket?.send(JSON.stringify(frame));
  }

  function onText(payload: Buffer): void {
    heardAt = performance.now();
    for (const frame of decode(payload)) {
      if (over) return;
      if (frame.type === "welcome" && !welcomed) {
        welcomed = true;
        clearTimeout(welcomeTimer);
        startPinging();
        events.welcome(frame);
      } else if (welcomed) events.frame(frame);
    }
  }

  function startPinging(): void {
    heardAt = performance.now();
    pinger = setInterval(() => {
      if (performance.now() - heardAt > SILENCE_MS) lost();
      else send({ type: "ping", id: 0 });
    }, PING_MS);
  }

  function lost(): void {
    if (over) return;
    dialling.abort();
    end(LOST);
  }

  function end(code: number): void {
    if (over) return;
    release();
    events.ended(code);
  }

  function release(): void {
    over = true;
    clearTimeout(welcomeTimer);
    clearInterval(pinger);
  }
}
