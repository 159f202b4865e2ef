/**
 * Keeps a client connected: comes back with backoff unless the close code forbids it, and moves when told to, by a second
 * connection beside the first. It knows nothing of rooms: the client says when the new connection has taken over.
 */
import { backoffMs } from "../../../shared/backoff.ts";
import { mayComeBack } from "../../../shared/codes.ts";
import { PROTOCOL_VERSION } from "../../../shared/limits.ts";
import type { ServerFrame } from "../../../shared/server-frames.ts";
import { BACKOFF_FIRST_MS, BACKOFF_MOST_MS } from "../../../shared/timeouts.ts";
import { type Connection, type Decode, openConnection, type Target } from "./chat-connection.ts";
import type { Asked } from "./received-log.ts";

export type LineSettings = { target: Target; token: string; decode: Decode };
export type LineEvents = {
  /** A connection stands and may be joined on; it becomes the current one by `takeOver`. */
  welcome: (link: Link) => void;
  frame: (link: Link, frame: ServerFrame) => void;
};

/** `joined`: "asked" while an answer is awaited; live events mean nothing then. */
export type Link = {
  serial: number;
  connection: Connection;
  id: string;
  welcomedAt: number;
  joined: "no" | "asked" | "yes";
  asked: Asked | null;
};

/** Only a connection that lived this long proves that coming back quickly is welcome again. */
const LASTED_MS = 10_000;

let serials = 0;

export function createLine({ target, token, decode }: LineSettings, { welcome, frame }: LineEvents) {
  const closes = new Map<number, number>();
  const timers = new Set<NodeJS.Timeout>();
  let current: Link | null = null;
  /** The one being opened: the first, one after a break, or one to move to. */
  let next: Link | null = null;
  let moving = false;
  let attempt = 0;
  let ended = false;

  const after = (ms: number, work: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      if (!ended) work();
    }, ms);
    timers.add(timer);
  };

  const dial = (): void => {
    // A timer may come late: the client is already where it was to go.
    if (next || ended || (current && !moving)) return;
    const hello = {
      type: "hello",
      v: PROTOCOL_VERSION,
      token,
      ...(current ? { replaces: current.id } : {}),
    } as const;
    const link: Link = {
      serial: ++serials,
      connection: NONE,
      id: "",
      welcomedAt: 0,
      joined: "no",
      asked: null,
    };
    next = link;
    link.connection = openConnection(target, hello, decode, {
      welcome: ({ connection }) => {
        link.id = connection;
        link.welcomedAt = performance.now();
        welcome(link);
      },
      frame: (one) => frame(link, one),
      ended: (code) => lost(link, code),
    });
  };

  function lost(link: Link, code: number): void {
    closes.set(code, (closes.get(code) ?? 0) + 1);
    if (link === next) next = null;
    if (link === current) {
      current = null;
      moving = false;
      if (performance.now() - link.welcomedAt >= LASTED_MS) attempt = 0;
    }
    if (!mayComeBack(code)) ended = true;
    // While the other of the two lives, it goes on: what is being opened becomes the current one.
    else if (!next && (!current || moving))
      after(backoffMs(attempt++, BACKOFF_FIRST_MS, BACKOFF_MOST_MS), dial);
  }

  return {
    /** How connections ended, by close code. */
    closes,
    connect: dial,
    current: (): Link | null => current,
    after,
    /** The new connection has resumed: the old one is closed. @returns false when it is none of the two. */
    takeOver(link: Link): boolean {
      if (link === next) {
        current?.connection.close();
        current = link;
        next = null;
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
    leave(): void {
      ended = true;
      for (const timer of timers) clearTimeout(timer);
      current?.connection.close();
      next?.connection.close();
    },
  };
}

const NONE: Connection = {
  send: () => undefined,
  close: () => undefined,
  cut: () => undefined,
  freeze: () => undefined,
  thaw: () => undefined,
};
