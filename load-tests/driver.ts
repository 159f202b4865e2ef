/** A chat client without a screen, light enough for thousands in one process: says hello, joins, sends, receives. */
import type { ClientFrame } from "../shared/client-frames.ts";
import { PROTOCOL_VERSION } from "../shared/limits.ts";
import type { Joined, ServerFrame } from "../shared/server-frames.ts";
import { openWebSocket } from "./websocket.ts";

export type Client = {
  joined: Joined;
  send: (clientId: string, text: string) => void;
  frame: (frame: ClientFrame) => void;
  close: () => void;
};

export type ClientOptions = {
  /** The address of nginx, or of a gateway's own port. */
  address: { host: string; port: number };
  localAddress?: string;
  /** Absent: a guest. */
  token?: string;
  room: string;
  decode: (payload: Buffer) => readonly ServerFrame[];
  /** Every frame after `joined`, in the order of arrival. */
  hear: (frame: ServerFrame) => void;
  closed: (code: number) => void;
};

const JOIN_LIMIT_MS = 15_000;

/** @returns a client that has joined. @throws Error when it was refused, closed or not answered in time. */
export async function openClient(options: ClientOptions): Promise<Client> {
  const { address, localAddress, token, room, decode, hear, closed } = options;
  let settle: { joined: (frame: Joined) => void; failed: (error: Error) => void } | undefined;
  const joining = new Promise<Joined>((resolve, reject) => {
    settle = { joined: resolve, failed: reject };
  });
  const timer = setTimeout(() => settle?.failed(new Error("not joined in time")), JOIN_LIMIT_MS);

  const socket = await openWebSocket({
    ...address,
    ...(localAddress ? { localAddress } : {}),
    onText: (payload) => {
      for (const frame of decode(payload)) {
        if (!settle) hear(frame);
        else if (frame.type === "joined") {
          settle.joined(frame);
          settle = undefined;
        } else if (frame.type === "refused") settle.failed(new Error(`refused: ${frame.code}`));
      }
    },
    onClose: (code) => {
      if (settle) settle.failed(new Error(`closed with ${code}`));
      else closed(code);
    },
  });
  const frame = (one: ClientFrame): void => socket.send(JSON.stringify(one));
  frame({ type: "hello", v: PROTOCOL_VERSION, kinds: "all", ...(token ? { token } : {}) });
  frame({ type: "join", room });
  try {
    const joined = await joining;
    return {
      joined,
      frame,
      send: (clientId, text) => frame({ type: "send", room, clientId, text }),
      close: socket.close,
    };
  } finally {
    clearTimeout(timer);
  }
}
