/**
 * Keeps one connection alive: reconnects with backoff unless the close code forbids it, and follows `move`. Does not
 * queue: the owner of a frame that must not be lost resends it.
 */
import { backoffMs } from "../../shared/backoff.ts";
import type { ClientFrame, Hello } from "../../shared/client-frames.ts";
import { CLOSE, mayComeBack } from "../../shared/codes.ts";
import { PROTOCOL_VERSION } from "../../shared/limits.ts";
import type { ServerFrame, Welcome } from "../../shared/server-frames.ts";
import { BACKOFF_FIRST_MS, BACKOFF_MAX_MS } from "../../shared/timeouts.ts";
import type { Cancel } from "./clock.ts";
import { type Connection, type ConnectionDeps, openConnection } from "./connection.ts";

/** A connection that lived this long resets the backoff. */
const LASTED_MS = 10_000;
/** A page that could not connect so often in a row asks whether it may. */
const ASKED_FROM = 2;
/** How long the old connection may still deliver after a move. */
const RETIRE_MS = 5_000;

export type SocketState =
  | { at: "idle" }
  | { at: "connecting" }
  | { at: "live"; gateway: string; connection: string }
  /** `until`: when the next try starts, by this machine's clock. */
  | { at: "waiting"; until: number }
  /** As waiting, but the browser says there is no network. */
  | { at: "offline"; until: number }
  /** As waiting, but the cluster refuses pages of this address, which only its operator can change. */
  | { at: "refused"; until: number }
  /** Does not reconnect automatically; `code` says why. */
  | { at: "ended"; code: number };

/** The state of the socket as it is shown; `behind`: live, but newer messages are not here yet. */
export type ConnectionStatus = Exclude<SocketState["at"], "idle"> | "behind";

export type SocketDeps = ConnectionDeps & {
  isOnline(): boolean;
  /** Whether the cluster refuses pages of this address. A browser does not say why a socket did not open. */
  isRefused?(): Promise<boolean>;
  /** The token for `hello`, undefined for a guest. Rejects if it cannot be known now; retried later. */
  token(): Promise<string | undefined>;
  /** The session was refused (4401): determine the current user. `again`: a refreshed session was refused too. */
  renew(again: boolean): Promise<void>;
};

export type SocketEvents = {
  state(state: SocketState): void;
  /** A new connection is ready: join and resend now. */
  welcome(welcome: Welcome): void;
  frames(frames: ServerFrame[]): void;
  answered?(roundTripMs: number): void;
};

export type Socket = ReturnType<typeof createSocket>;

type Link = { connection: Connection; id: string; welcomedAt: number };

export function createSocket(deps: SocketDeps, events: SocketEvents) {
  const { clock } = deps;
  let current: Link | undefined;
  let dialling: Link | undefined;
  let retiring: Link | undefined;
  let attempt = 0;
  let renewed = false;
  /** Raised whenever a pending attempt is obsolete. */
  let generation = 0;
  let state: SocketState = { at: "idle" };
  let cancelTimer: Cancel = () => undefined;
  let cancelMove: Cancel | undefined;

  return { start: connect, restart, retryNow, stop, send, offline, wake };

  /** @returns whether the frame was handed to a live connection. It may still get lost. */
  function send(frame: ClientFrame): boolean {
    current?.connection.send(frame);
    return current !== undefined;
  }

  /** Reconnects, for example after a change of user. */
  function restart() {
    stop();
    attempt = 0;
    renewed = false;
    connect();
  }

  function stop() {
    generation += 1;
    cancelTimer();
    cancelMove?.();
    cancelMove = undefined;
    for (const link of [current, dialling, retiring]) link?.connection.close();
    current = dialling = retiring = undefined;
  }

  /** Reconnects on request, even where that is not allowed automatically. */
  function retryNow() {
    if (current) current.connection.probe();
    else if (!dialling) connect();
  }

  /** The network is back or the tab is visible again: reconnects at once, or probes the connection. */
  function wake() {
    if (current) current.connection.probe();
    else if (state.at === "waiting" || state.at === "offline") connect();
  }

  /** A connection that still answers is kept, because the browser may be wrong about the network. */
  function offline() {
    if (current) current.connection.probe();
    else if (state.at === "waiting") comeBack();
  }

  function connect() {
    cancelTimer();
    generation += 1;
    if (!current) become({ at: "connecting" });
    const mine = generation;
    deps.token().then(
      (token) => mine === generation && dial(token),
      () => mine === generation && (current ? moveLater() : comeBack()),
    );
  }

  function dial(token: string | undefined) {
    const hello: Hello = { type: "hello", v: PROTOCOL_VERSION, rooms: true, kinds: "all" };
    if (token !== undefined) hello.token = token;
    if (current) hello.replaces = current.id;
    // The transport may fail before `openConnection` returns, so the link exists first.
    const link: Link = { connection: nothing, id: "", welcomedAt: 0 };
    dialling = link;
    link.connection = openConnection(deps, hello, {
      welcome: (welcome) => welcomed(link, welcome),
      frames: (frames) => delivered(link, frames),
      ended: (code) => ended(link, code),
      answered: (roundTripMs) => link === current && events.answered?.(roundTripMs),
    });
  }

  function welcomed(link: Link, welcome: Welcome) {
    const previous = current;
    link.id = welcome.connection;
    link.welcomedAt = clock.now();
    current = link;
    dialling = undefined;
    if (previous) retire(previous);
    become({ at: "live", gateway: welcome.gateway, connection: welcome.connection });
    events.welcome(welcome);
  }

  function delivered(link: Link, frames: ServerFrame[]) {
    if (link === current && retiring && frames.some((frame) => frame.type === "joined")) dropRetired();
    events.frames(frames);
    const move = frames.find((frame) => frame.type === "move");
    if (move && link === current) cancelMove ??= clock.after(clock.random() * move.withinMs, connect);
  }

  /** The old connection delivers until the room is resumed on the new one, so there is no gap between them. */
  function retire(link: Link) {
    dropRetired();
    cancelMove = undefined;
    retiring = link;
    clock.after(RETIRE_MS, () => link === retiring && dropRetired());
  }

  function dropRetired() {
    retiring?.connection.close();
    retiring = undefined;
  }

  function ended(link: Link, code: number) {
    if (link === retiring) {
      retiring = undefined;
    } else if (link === current) {
      current = undefined;
      if (clock.now() - link.welcomedAt >= LASTED_MS) {
        attempt = 0;
        renewed = false;
      }
      if (dialling) become({ at: "connecting" });
      else recover(code);
    } else {
      dialling = undefined;
      if (current) moveLater();
      else recover(code);
    }
  }

  function recover(code: number) {
    cancelMove?.();
    cancelMove = undefined;
    if (code === CLOSE.sessionEnded) renew();
    else if (mayComeBack(code)) comeBack();
    else become({ at: "ended", code });
  }

  function renew() {
    become({ at: "connecting" });
    const again = renewed;
    renewed = true;
    const mine = ++generation;
    deps.renew(again).then(
      () => mine === generation && connect(),
      () => mine === generation && comeBack(),
    );
  }

  function moveLater() {
    cancelMove = clock.after(nextDelay(), connect);
  }

  function comeBack() {
    cancelTimer();
    generation += 1;
    const delay = deps.isOnline() ? nextDelay() : BACKOFF_MAX_MS;
    become({ at: deps.isOnline() ? "waiting" : "offline", until: clock.now() + delay });
    cancelTimer = clock.after(delay, connect);
    if (attempt >= ASKED_FROM && state.at === "waiting") askWhetherRefused();
  }

  function askWhetherRefused() {
    const mine = generation;
    deps.isRefused?.().then(
      (isRefused) => {
        if (!isRefused || mine !== generation || state.at !== "waiting") return;
        cancelTimer();
        become({ at: "refused", until: clock.now() + BACKOFF_MAX_MS });
        cancelTimer = clock.after(BACKOFF_MAX_MS, connect);
      },
      () => undefined,
    );
  }

  function become(next: SocketState) {
    state = next;
    events.state(next);
  }

  function nextDelay(): number {
    return backoffMs(attempt++, BACKOFF_FIRST_MS, BACKOFF_MAX_MS, clock.random);
  }
}

const nothing: Connection = { send: () => undefined, probe: () => undefined, close: () => undefined };
