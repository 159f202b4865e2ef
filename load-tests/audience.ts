/** Many sockets in one room, each checked: every message once, in the same order on all, without a gap. */
import type { ServerFrame } from "../shared/server-frames.ts";
import { createDecoder } from "./decode.ts";
import { type Client, type ClientOptions, openClient } from "./driver.ts";
import { createHistogram } from "./histogram.ts";

export type Audience = Awaited<ReturnType<typeof openAudience>>;

type Options = {
  address: ClientOptions["address"];
  room: string;
  tokens: string[];
  /** The time at which a client id was due, by performance.now(), so that waiting to be sent counts as latency. */
  dueAt: (clientId: string) => number | undefined;
  /** Acks and refusals, with the socket's number. */
  answered: (socket: number, frame: ServerFrame) => void;
};

/** The number of sockets that connect at a time. */
const ABREAST = 32;
const MAX_COMPLAINTS = 20;

/** Opens a socket for each token; resolves when all have joined. */
export async function openAudience({ address, room, tokens, dueAt, answered }: Options) {
  const decode = createDecoder();
  const latency = createHistogram();
  const order = new Map<number, string>();
  const heard = new Uint32Array(tokens.length);
  const complaints: string[] = [];
  const state = { stored: 0, lastAt: 0, closing: false };
  const clients: Client[] = [];

  const complain = (words: string): void => {
    if (complaints.length < MAX_COMPLAINTS) complaints.push(words);
  };

  async function open(socket: number, token: string): Promise<void> {
    let seq = -1;
    const hear = (frame: ServerFrame): void => {
      if (frame.type === "message") {
        if (seq >= 0 && frame.seq !== seq + 1) complain(`socket ${socket}: seq ${frame.seq} after ${seq}`);
        seq = frame.seq;
        const known = order.get(seq);
        if (known === undefined) order.set(seq, frame.clientId);
        else if (known !== frame.clientId) complain(`socket ${socket}: another message under seq ${seq}`);
        heard[socket] = (heard[socket] ?? 0) + 1;
        state.lastAt = performance.now();
        const due = dueAt(frame.clientId);
        if (due !== undefined) latency.add(state.lastAt - due);
      } else if (frame.type === "presence") state.stored = Math.max(state.stored, frame.stored);
      else if (frame.type === "joined" || frame.type === "move")
        complain(`socket ${socket}: was sent ${frame.type}`);
      else answered(socket, frame);
    };
    const closed = (code: number): void => {
      if (!state.closing) complain(`socket ${socket}: closed with ${code}`);
    };
    const client = await openClient({ address, token, room, decode, hear, closed });
    if (seq < 0) seq = client.joined.head;
    clients[socket] = client;
  }

  for (let from = 0; from < tokens.length; from += ABREAST)
    await Promise.all(tokens.slice(from, from + ABREAST).map((token, index) => open(from + index, token)));

  return {
    clients,
    latency,
    /** Client ids by seq, from the first socket that received each. */
    order,
    complaints,
    /** Received messages: of the socket with the fewest (`min`), and of all together. */
    heard: () => ({ min: Math.min(...heard), all: heard.reduce((sum, count) => sum + count, 0) }),
    /** The arrival of the newest message, by performance.now(). */
    lastAt: () => state.lastAt,
    /** The seq up to which PostgreSQL has the room, from the last presence frame. */
    stored: () => state.stored,
    close: () => {
      state.closing = true;
      for (const client of clients) client.close();
    },
  };
}
