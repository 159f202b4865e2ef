/** Many clients, spread over one room or more, which send at an even pace during all faults. */
import { setTimeout as wait } from "node:timers/promises";
import { comesTrue } from "../../../shared/until.ts";
import { createDecoder } from "../../decode.ts";
import type { Minted } from "../../support/commands.ts";
import { type Address, LOST } from "./chat-connection.ts";
import { createClient, type FaultClient } from "./client.ts";
import { textOf } from "./journal.ts";

export type Crowd = Awaited<ReturnType<typeof gather>>;

/**
 * `addresses`: each client takes them in turn, as behind a balancer that knows of no machine that died. `rooms`: at least one; they
 * get the clients in turn, and so the messages too.
 */
type CrowdSettings = {
  addresses: readonly Address[];
  rooms: readonly string[];
  users: readonly Minted[];
  rate: number;
};

const TICK_MS = 5;
/** After this many messages, a sender deletes its previous one before it sends the next. */
const DELETE_EVERY = 20;
/** One of so many messages is a reply, or a mention of one of the first users. */
const REPLY_EVERY = 3;
const MENTION_EVERY = 5;
export const MENTIONED = 3;
/** With one of so many messages its sender reacts to one of the newest. */
const REACT_EVERY = 3;
const REACTED_TO = 12;
/**
 * A client with this many unanswered messages says nothing more. It writes all of them again after every refusal, so without a
 * bound the crowd would keep an overloaded cluster from ever recovering.
 */
const MAX_PENDING = 30;
/** The number of clients that connect at a time. */
const ABREAST = 32;
const JOIN_WITHIN_MS = 30_000;

/** 25 bytes that count as one character. */
const FAMILY = "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}\u200d\u{1f466}";
const longTextOf = (clientId: string): string => `${clientId} ${FAMILY.repeat(20)}`;

/** Opens a client for each token; resolves when all have joined. @throws Error when some do not join in time. */
export async function gather({ addresses, rooms, users, rate }: CrowdSettings) {
  const decode = createDecoder();
  const clients = users.map(({ user, accessToken: token }, index) =>
    createClient({
      address: inTurn(addresses, index),
      token,
      user: user.id,
      room: rooms[index % rooms.length] as string,
      index,
      decode,
    }),
  );
  const byRoom = Map.groupBy(clients, ({ room }) => room);
  /** Called with the client that has just written a message. */
  let afterSaying: ((client: FaultClient) => void) | undefined;
  let talking = false;
  let longTexts = false;
  let said = 0;
  await connectAll();

  return {
    clients,
    talk,
    stopTalking(): void {
      talking = false;
    },
    /** Whether messages have the maximum length in bytes. */
    useLongTexts(on: boolean): void {
      longTexts = on;
    },
    afterSaying(hook: ((client: FaultClient) => void) | undefined): void {
      afterSaying = hook;
    },
    /** The number of acknowledged messages that are not known to be in PostgreSQL. */
    unstored: (): number => clients.reduce((sum, { sentLog }) => sum + sentLog.unstored(), 0),
    /** The one whose messages a moderator may remove. */
    victim: (): FaultClient => clients.at(-1) as FaultClient,
    /** The number of connections that ended without a close frame. */
    lost: (): number => clients.reduce((sum, { closes }) => sum + (closes.get(LOST) ?? 0), 0),
    /** The clients in the room. */
    membersOf: (room: string): readonly FaultClient[] => byRoom.get(room) ?? [],
    /** The highest seq that any client has in each room. */
    fronts(): ReadonlyMap<string, number> {
      const fronts = new Map<string, number>();
      for (const { room, seq } of clients) fronts.set(room, Math.max(fronts.get(room) ?? 0, seq()));
      return fronts;
    },
    leave(): void {
      for (const client of clients) client.leave();
    },
  };

  async function connectAll(): Promise<void> {
    const deadline = performance.now() + JOIN_WITHIN_MS;
    const joined = (): number => clients.filter((client) => client.joined()).length;
    for (let from = 0; from < clients.length; from += ABREAST) {
      for (const client of clients.slice(from, from + ABREAST)) client.connect();
      const wanted = Math.min(clients.length, from + ABREAST);
      const withinMs = deadline - performance.now();
      if (!(await comesTrue(() => joined() >= wanted, { withinMs, everyMs: TICK_MS })))
        throw new Error(`only ${joined()} of ${clients.length} clients got in`);
    }
  }

  /** Talks until `stopTalking`: each client in turn, at the rate of all together. */
  async function talk(): Promise<void> {
    talking = true;
    const startedAt = performance.now();
    for (let due = 0, done = 0; talking; await wait(TICK_MS)) {
      due = Math.floor(((performance.now() - startedAt) * rate) / 1_000);
      for (; done < due; done++) sayNext();
    }
  }

  function sayNext(): void {
    const client = nextToTalk();
    if (!client) return;
    if (said % DELETE_EVERY === 0) client.deleteOwn(`d${said}`);
    // A message that may be removed is none to reply to.
    const clientId = `${client === clients.at(-1) ? "v" : "m"}${said}`;
    const named = said % MENTION_EVERY === 0 ? users[(said / MENTION_EVERY) % MENTIONED]?.user : undefined;
    const start = named ? `@${named.nickname} ${clientId}` : textOf(clientId);
    client.say(clientId, longTexts ? longTextOf(clientId) : start, {
      replies: said % REPLY_EVERY === 0,
      mentions: named && !longTexts ? [named.id] : undefined,
    });
    if (said % REACT_EVERY === 0) client.react(said % REACTED_TO);
    afterSaying?.(client);
  }

  /** @returns the next client in turn that is not frozen and not too far behind. */
  function nextToTalk(): FaultClient | undefined {
    for (let tries = 0; tries < clients.length; tries++) {
      const client = clients[said++ % clients.length];
      if (client && !client.frozen() && client.sentLog.pending() < MAX_PENDING) return client;
    }
    return undefined;
  }
}

/** @returns a function that gives the next address at each call. */
function inTurn(addresses: readonly Address[], first: number): () => Address {
  let next = first;
  return () => addresses[next++ % addresses.length] as Address;
}
