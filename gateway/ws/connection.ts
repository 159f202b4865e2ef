/** One socket's state, and how to write to it and end it. Nothing may touch the socket once it is closed. */
import type { WebSocket } from "uWebSockets.js";
import { CLOSE, type CloseCode } from "../../shared/codes.ts";
import type { Ban, PublicUser, Restriction, ServerFrame } from "../../shared/server-frames.ts";
import type { Awaited } from "./message-order.ts";

/**
 * `token`: when the access token ends. All sockets have the same shape, so that a hundred thousand of them stay small.
 */
export type Connection = {
  readonly id: string;
  readonly ip: string;
  readonly userAgent: string;
  readonly openedAt: number;
  /** Something in front of nginx tells addresses, and nobody said that it may. */
  fromUnknownProxy: boolean;
  /** Frames may be written to it. */
  open: boolean;
  /** The underlying socket is gone. */
  closed: boolean;
  authenticated: boolean;
  /** Its client may fail at events of kinds that it does not know. */
  isOlder: boolean;
  user: PublicUser | undefined;
  /** Of the user alone, without raid mode. It may be over. */
  restricted: Restriction | undefined;
  session: string;
  tokenEndsAt: number;
  /** The start of the connection was recorded, so its end has to be too. */
  recorded: boolean;
  /** Frames that count against the rate limit, and the time of the last count. */
  spent: number;
  spentAt: number;
  /** Bytes of answers to joins that count against the answer limit, and the time of the last count. */
  answered: number;
  answeredAt: number;
  rooms: string[];
  /** By room, the messages that were refused in an outage, in order: later ones of that room wait for them. */
  awaited: Map<string, Awaited> | undefined;
  /** A frame is being handled. Later ones wait, so that frames take effect in the order they were sent. */
  busy: boolean;
  waiting: Waiting[] | undefined;
};
/** A frame that waits; `receivedAt`: by `performance.now()`. */
export type Waiting = { raw: Record<string, unknown>; receivedAt: number };
/**
 * The data of a socket in uWebSockets.js. It copies the fields, and beyond some dozen of them each socket would be a hash table: slow to
 * read, and half a kilobyte larger.
 */
export type Held = { readonly connection: Connection };
export type Socket = WebSocket<Held>;

/** uWebSockets.js: the message was dropped because the socket's buffer is full. */
const DROPPED = 2;

export const newConnection = (id: string, ip: string, userAgent: string): Connection => ({
  id,
  ip,
  userAgent,
  openedAt: Date.now(),
  fromUnknownProxy: false,
  open: true,
  closed: false,
  authenticated: false,
  isOlder: true,
  user: undefined,
  restricted: undefined,
  session: "",
  tokenEndsAt: 0,
  recorded: false,
  spent: 0,
  spentAt: 0,
  answered: 0,
  answeredAt: 0,
  rooms: [],
  awaited: undefined,
  busy: false,
  waiting: undefined,
});

/** Closes with a code that says whether to reconnect. A reader too slow to get the close frame is cut off. */
export function end(socket: Socket, code: CloseCode, reason = ""): void {
  const connection = socket.getUserData().connection;
  if (!connection.open) return;
  connection.open = false;
  connection.waiting = undefined;
  socket.end(code, reason);
}

/** Writes bytes that already are a frame. A frame that does not fit ends the socket, because a gap must never show. */
export function write(socket: Socket, frame: Buffer | string): void {
  if (!socket.getUserData().connection.open) return;
  if (socket.send(frame) === DROPPED) cut(socket);
}

export const send = (socket: Socket, frame: ServerFrame): void => write(socket, JSON.stringify(frame));

/** Sends a banned user the reason and the end of the ban, and closes. */
export function endBanned(socket: Socket, { reason, until }: Ban): void {
  send(socket, { type: "banned", reason, until });
  end(socket, CLOSE.banned, "banned");
}

/** Ends a reader that fell behind, after the publish during which that was found. */
export function cut(socket: Socket): void {
  const connection = socket.getUserData().connection;
  if (!connection.open) return;
  connection.open = false;
  connection.waiting = undefined;
  // The buffer is full, so no close frame would get through: the socket itself is closed, and the client resumes from
  // its last seq.
  setImmediate(() => {
    if (!connection.closed) socket.close();
  });
}
