/** Many clients in one room, who talk at an even pace whatever happens to them. */
import { setTimeout as wait } from "node:timers/promises";
import { createDecoder } from "../../decode.ts";
import type { Target } from "./chat-connection.ts";
import { createClient, type FaultClient } from "./client.ts";
import { textOf } from "./journal.ts";

export type Crowd = Awaited<ReturnType<typeof gather>>;

type CrowdSettings = { target: Target; room: string; tokens: string[]; rate: number };

const TICK_MS = 5;
/** Before one message in so many, its sender deletes the one before. */
const TAKE_BACK_EVERY = 20;
/** How many connect at a time. */
const ABREAST = 32;
const JOIN_LIMIT_MS = 30_000;

/** 25 bytes that count as one character. */
const FAMILY = "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}\u200d\u{1f466}";
const longTextOf = (clientId: string): string => `${clientId} ${FAMILY.repeat(20)}`;

/** Opens a client for each token; resolves when all have joined. @throws Error when they do not get in. */
export async function gather({ target, room, tokens, rate }: CrowdSettings) {
  const decode = createDecoder();
  const clients = tokens.map((token, index) => createClient({ target, token, room, index, decode }));
  /** Called with the client that has just written a message. */
  let afterSaying: ((client: FaultClient) => void) | null = null;
  let talking = false;
  let wordy = false;
  let said = 0;

  const joined = (): number => clients.filter((client) => client.joined()).length;
  const deadline = performance.now() + JOIN_LIMIT_MS;
  for (let from = 0; from < clients.length; from += ABREAST) {
    for (const client of clients.slice(from, from + ABREAST)) client.connect();
    while (joined() < Math.min(clients.length, from + ABREAST)) {
      if (performance.now() > deadline)
        throw new Error(`only ${joined()} of ${clients.length} clients got in`);
      await wait(TICK_MS);
    }
  }

  /** In turn, those who are frozen aside. */
  const nextToTalk = (): FaultClient | undefined => {
    for (let tries = 0; tries < clients.length; tries++) {
      const client = clients[said++ % clients.length];
      if (client && !client.frozen()) return client;
    }
    return undefined;
  };

  return {
    clients,
    /** Talks until `hush`: each client in turn, at the rate of all together. */
    async talk(): Promise<void> {
      talking = true;
      const began = performance.now();
      for (let due = 0, done = 0; talking; await wait(TICK_MS)) {
        due = Math.floor(((performance.now() - began) * rate) / 1_000);
        for (; done < due; done++) {
          const client = nextToTalk();
          if (!client) continue;
          if (said % TAKE_BACK_EVERY === 0) client.takeBack(`d${said}`);
          client.say(`m${said}`, wordy ? longTextOf(`m${said}`) : textOf(`m${said}`));
          afterSaying?.(client);
        }
      }
    },
    hush(): void {
      talking = false;
    },
    /** Whether messages are as long as they may be, in bytes. */
    talkMuch(on: boolean): void {
      wordy = on;
    },
    afterSaying(hook: ((client: FaultClient) => void) | null): void {
      afterSaying = hook;
    },
    /** Acknowledged, and not known to be in PostgreSQL. */
    unstored: (): number => clients.reduce((sum, { outbox }) => sum + outbox.unstored(), 0),
    front: (): number => clients.reduce((most, client) => Math.max(most, client.seq()), 0),
    leave(): void {
      for (const client of clients) client.leave();
    },
  };
}
