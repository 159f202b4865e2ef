/** One connection from hello to its end: demands a welcome in time, pings, notices silence. That it comes back is the client's business. */
import type { ClientFrame, Hello } from "../../../shared/client-frames.ts";
import type { ServerFrame, Welcome } from "../../../shared/server-frames.ts";
import { PING_MS, WELCOME_TIMEOUT_MS } from "../../../shared/timeouts.ts";
import { openWebSocket, type WebSocketLine } from "../../websocket.ts";

export type Target = { host: string; port: number };
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
  /** The network is gone: nothing is said to the other side. */
  cut: () => void;
  /** The tab sleeps: nothing is read and no timer runs, until `thaw`. */
  freeze: () => void;
  thaw: () => void;
};

/** As the browser has it: three pings without an answer tell earlier what silence would tell after 12 s. */
const SILENCE_MS = 3 * PING_MS;
const LOST = 1006;

export function openConnection(
  target: Target,
  hello: Hello,
  decode: Decode,
  events: ConnectionEvents,
): Connection {
  const dialling = new AbortController();
  let line: WebSocketLine | null = null;
  let over = false;
  let welcomed = false;
  let heardAt = performance.now();
  let pinger: NodeJS.Timeout | undefined;
  const patience = setTimeout(() => lost(), WELCOME_TIMEOUT_MS);

  const send = (frame: ClientFrame): void => {
    if (!over) line?.send(JSON.stringify(frame));
  };

  const release = (): void => {
    over = true;
    clearTimeout(patience);
    clearInterval(pinger);
  };

  const end = (code: number): void => {
    if (over) return;
    release();
    events.ended(code);
  };

  function lost(): void {
    if (over) return;
    dialling.abort();
    end(LOST);
  }

  const tick = (): void => {
    if (performance.now() - heardAt > SILENCE_MS) lost();
    else send({ type: "ping", id: 0 });
  };
  const watch = (): void => {
    heardAt = performance.now();
    pinger = setInterval(tick, PING_MS);
  };

  const onText = (payload: Buffer): void => {
    heardAt = performance.now();
    for (const frame of decode(payload)) {
      if (over) return;
      if (frame.type === "welcome" && !welcomed) {
        welcomed = true;
        clearTimeout(patience);
        watch();
        events.welcome(frame);
      } else if (welcomed) events.frame(frame);
    }
  };

  openWebSocket({ ...target, signal: dialling.signal, onText, onClose: end }).then((opened) => {
    line = opened;
    if (over) opened.cut();
    else send(hello);
  }, lost);

  return {
    send,
    close() {
      if (over) return;
      release();
      if (line) line.close();
      else dialling.abort();
    },
    cut: lost,
    freeze() {
      clearInterval(pinger);
      line?.pause();
    },
    thaw() {
      if (over) return;
      watch();
      line?.resume();
    },
  };
}
