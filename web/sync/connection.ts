/**
 * One WebSocket from `hello` to its end: sends `hello`, requires a `welcome` in time, pings, and detects silence. Does
 * not reconnect; `reconnecting-socket.ts` does.
 */
import type { ClientFrame, Hello } from "../../shared/client-frames.ts";
import type { ServerFrame, Welcome } from "../../shared/server-frames.ts";
import {
  PING_MS,
  PRESENCE_IDLE_MS,
  PROBE_MS,
  SILENCE_MS,
  VISIBLE_SILENCE_MS,
  WELCOME_TIMEOUT_MS,
} from "../../shared/timeouts.ts";
import type { Cancel, Clock } from "./clock.ts";
import { parseFrames } from "./frames.ts";
import type { OpenTransport } from "./transport.ts";

/** The close code of a connection that was cut, went silent or sent no frames. Browsers use the same. */
export const LOST = 1006;
/** A tick this late means that the tab slept. Frames may wait unread, so the connection is probed before it is given up. */
const OVERSLEPT_MS = 2 * PING_MS;

export type ConnectionDeps = { openTransport: OpenTransport; clock: Clock; isVisible(): boolean };

export type ConnectionEvents = {
  /** Once, first, unless the user is banned. A later `welcome`, the answer to `auth`, arrives as a frame. */
  welcome(welcome: Welcome): void;
  /** All frames of one WebSocket message together, so that they can be shown together. */
  frames(frames: ServerFrame[]): void;
  /** Once, last; never after `close`. */
  ended(code: number): void;
  /** Round trip of a ping. */
  answered?(roundTripMs: number): void;
};

export type Connection = {
  send(frame: ClientFrame): void;
  /** Sends a ping. The connection ends if no frame arrives within 3 s. */
  probe(): void;
  close(): void;
};

export function openConnection(deps: ConnectionDeps, hello: Hello, events: ConnectionEvents): Connection {
  const { clock } = deps;
  let over = false;
  let welcomed = false;
  let heardAt = clock.now();
  let tickedAt = clock.now();
  let isAsking = false;
  let cancelTimer: Cancel = clock.after(WELCOME_TIMEOUT_MS, () => end(LOST));
  let cancelProbe: Cancel = () => undefined;

  const transport = deps.openTransport({ opened: () => send(hello), received, closed: end });
  return { send, probe, close };

  function received(text: string) {
    if (over) return;
    heardAt = clock.now();
    answeredProbe();
    const frames = parseFrames(text);
    if (!frames) return end(LOST);
    const rest = welcomed ? frames : frames.slice(1);
    if (!welcomed) {
      const [first] = frames;
      // Sent in place of the welcome, right before the close.
      if (first?.type === "banned") return events.frames([first]);
      if (first?.type !== "welcome") return;
      welcomed = true;
      cancelTimer();
      tick();
      events.welcome(first);
    }
    for (const frame of rest) {
      if (frame.type === "pong" && typeof frame.id === "number") events.answered?.(clock.now() - frame.id);
    }
    if (rest.length > 0 && !over) events.frames(rest);
  }

  function tick() {
    const now = clock.now();
    const overslept = now - tickedAt > PING_MS + OVERSLEPT_MS;
    tickedAt = now;
    if (isDead(now, overslept)) return end(LOST);
    if (overslept) probe();
    else if (deps.isVisible() || now - heardAt >= PRESENCE_IDLE_MS) ping();
    cancelTimer = clock.after(PING_MS, tick);
  }

  function isDead(now: number, overslept: boolean): boolean {
    if (isAsking || overslept) return false;
    return now - heardAt >= (deps.isVisible() ? VISIBLE_SILENCE_MS : SILENCE_MS);
  }

  function probe() {
    if (!welcomed || over) return;
    ping();
    if (isAsking) return;
    isAsking = true;
    cancelProbe = clock.after(PROBE_MS, () => end(LOST));
  }

  function answeredProbe() {
    isAsking = false;
    cancelProbe();
  }

  function ping() {
    send({ type: "ping", id: clock.now() });
  }

  function send(frame: ClientFrame) {
    if (!over) transport.send(JSON.stringify(frame));
  }

  function end(code: number) {
    if (over) return;
    close();
    events.ended(code);
  }

  function close() {
    if (over) return;
    over = true;
    cancelTimer();
    cancelProbe();
    transport.close();
  }
}
