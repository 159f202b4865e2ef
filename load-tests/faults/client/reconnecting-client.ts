/**
 * Keeps a client connected: reconnects with backoff unless the close code forbids it, and moves on request to a second
 * connection beside the first. Knows no rooms; the client decides when the new connection takes over.
 */
import { backoffMs } from "../../../shared/backoff.ts";
import { mayComeBack } from "../../../shared/codes.ts";
import { PROTOCOL_VERSION } from "../../../shared/limits.ts";
import type { ServerFrame } from "../../../shared/server-frames.ts";
import { BACKOFF_FIRST_MS, BACKOFF_MAX_MS } from "../../../shared/timeouts.ts";
import { type Address, type Connection, type Decode, openConnection } from "./chat-connection.ts";
import type { Asked } from "./received-log.ts";

/** `address`: where the next connection goes. */
export type ReconnectSettings = { address: () => Address; token: string; decode: Decode };
export type ReconnectEvents = {
  /** A connection is welcomed and may join; `takeOver` makes it the current one. */
  welcome: (link: Link) => void;
  frame: (link: Link, frame: ServerFrame) => void;
};

/** `joined`: "asked" while an answer is awaited, and live events are ignored. */
export type Link = {
  serial: number;
  connection: Connection;
  id: string;
  welcomedAt: number;
  joined: "no" | "asked" | "yes";
  asked: Asked | undefined;
};

/** A connection that lived this long resets the backoff. */
const LASTED_MS = 10_000;

const NONE: Connection = {
  send: () => undefined,
  close: () => undefined,
  cut: () => undefined,
  freeze: () => undefined,
  thaw: () => undefined,
};

let serials = 0;

export function createReconnectingClient(
  { address, token, decode }: ReconnectSettings,
  { welcome, frame }: ReconnectEvents,
) {
  const closes = new Map<number, number>();
  const timers = new Set<NodeJS.Timeout>();
  let current: Link | undefined;
  /** The connection being opened: the first one, one after a loss, or the target of a move. */
  let next: Link | undefined;
  let moving = false;
  let attempt = 0;
  let ended = false;
  let awayUntil = 0;

  return {
    /** The number of ended connections by close code. */
    closes,
    connect: dial,
    current: (): Link | undefined => current,
    after,
    /** The new connection has resumed: closes the old one. @returns false if `link` is neither of the two. */
    takeOver(link: Link): boolean {
      if (link === next) {
        current?.connection.close();
        current = link;
        next = undefined;
        moving = false;
      }
      return link === current;
    },
    /** Opens another connection after a random part of the time. */
    move(withinMs: number): void {
      if (moving) return;
      moving = true;
      after(Math.random() * withinMs, dial);
    },
    /** Loses its connection and opens none for this long. */
    stayAway(ms: number): void {
      awayUntil = performance.now() + ms;
      current?.connection.cut();
      next?.connection.cut();
    },
    leave(): void {
      ended = true;
      for (const timer of timers) clearTimeout(timer);
      current?.connection.close();
      next?.connection.close();
    },
  };

  function dial(): void {
    // A timer may fire when the client has already connected or moved.
    if (next || ended || (current && !moving)) return;
    const restMs = awayUntil - performance.now();
    if (restMs > 0) {
      after(restMs, dial);
      return;
    }
    const link: Link = {
      serial: ++serials,
      connection: NONE,
      id: "",
      welcomedAt: 0,
      joined: "no",
      asked: undefined,
    };
    next = link;
    const replaces = current ? { replaces: current.id } : {};
    const hello = { type: "hello", v: PROTOCOL_VERSION, kinds: "all", token, ...replaces } as const;
    link.connection = openConnection(address(), hello, decode, {
      welcome: ({ connection }) => {
        link.id = connection;
        link.welcomedAt = performance.now();
        welcome(link);
      },
      frame: (one) => frame(link, one),
      ended: (code) => lost(link, code),
    });
  }

  function lost(link: Link, code: number): void {
    closes.set(code, (closes.get(code) ?? 0) + 1);
    if (link === next) next = undefined;
    if (link === current) {
      current = undefined;
      moving = false;
      if (performance.now() - link.welcomedAt >= LASTED_MS) attempt = 0;
    }
    if (!mayComeBack(code)) ended = true;
    // Not while another connection is being opened, because that one becomes the current one.
    else if (!next && (!current || moving))
      after(backoffMs(attempt++, BACKOFF_FIRST_MS, BACKOFF_MAX_MS), dial);
  }

  function after(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      if (!ended) work();
    }, ms);
    timers.add(timer);
  }
}
