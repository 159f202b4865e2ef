/** A client that can be cut off and reconnects like a browser: with backoff, and from its last seq. */
import { setTimeout as wait } from "node:timers/promises";
import { backoffMs } from "../shared/backoff.ts";
import { PROTOCOL_VERSION } from "../shared/limits.ts";
import type { Joined, ServerFrame } from "../shared/server-frames.ts";
import { BACKOFF_FIRST_MS, BACKOFF_MAX_MS } from "../shared/timeouts.ts";
import { openWebSocket, type WebSocketConnection } from "./websocket.ts";

export type Returner = Awaited<ReturnType<typeof openReturner>>;
type Options = {
  address: { host: string; port: number };
  token: string;
  room: string;
  decode: (payload: Buffer) => readonly ServerFrame[];
};

const JOIN_LIMIT_MS = 8_000;

/** @returns a client that has joined. @throws Error when it was not let in. */
export async function openReturner({ address, token, room, decode }: Options) {
  let since: { epoch: string; seq: number } | undefined;
  let socket: WebSocketConnection = await join(() => undefined);

  /** One try; resolves when the room was joined. */
  async function join(joined: (frame: Joined) => void): Promise<WebSocketConnection> {
    let done: () => void = () => undefined;
    let failed: (error: Error) => void = () => undefined;
    const answered = new Promise<void>((resolve, reject) => {
      done = resolve;
      failed = reject;
    });
    const opened = await openWebSocket({
      ...address,
      onText: (payload) => {
        for (const frame of decode(payload)) {
          if (frame.type === "joined") {
            since = { epoch: frame.epoch, seq: frame.head };
            joined(frame);
            done();
          } else if ("seq" in frame && since && frame.type !== "ack") since.seq = frame.seq;
        }
      },
      onClose: (code) => failed(new Error(`closed with ${code}`)),
    });
    opened.send(
      JSON.stringify([
        { type: "hello", v: PROTOCOL_VERSION, kinds: "all", token },
        { type: "join", room, ...(since ? { since } : {}) },
      ]),
    );
    const timer = setTimeout(() => failed(new Error("not joined in time")), JOIN_LIMIT_MS);
    try {
      await answered;
    } finally {
      clearTimeout(timer);
    }
    return opened;
  }

  return {
    cut: () => socket.cut(),
    close: () => socket.close(),
    /** Comes back. @returns the number of tries, and whether it resumed without a gap. */
    async comeBack(): Promise<{ tries: number; recovered: boolean }> {
      for (let tries = 1; ; tries++) {
        await wait(backoffMs(tries - 1, BACKOFF_FIRST_MS, BACKOFF_MAX_MS));
        try {
          let recovered = false;
          socket = await join((frame) => {
            recovered = frame.recovered;
          });
          return { tries, recovered };
        } catch (error) {
          if (tries === 20) throw error;
        }
      }
    },
  };
}
