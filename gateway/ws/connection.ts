/** One socket's state, and how it is written to and ended. Nothing may touch the socket once it is closed. */
import type { WebSocket } from "uWebSockets.js";
import { CLOSE, type CloseCode } from "../../shared/codes.ts";
import type { Ban, PublicUser, ServerFrame } from "../../shared/server-frames.ts";

/** `token`: when the access token ends. Fields of one shape for all sockets: a hundred thousand of them stay small. */
export type Connection = {
  readonly id: string;
  readonly ip: string;
  readonly userAgent: string;
  readonly openedAt: number;
  /** It may be written to. */
  open: boolean;
  /** The socket itself is gone. */
  closed: boolean;
  authenticated: boolean;
  user: PublicUser | null;
  session: string;
  tokenEndsAt: number;
  /** The connection's start was noted, so that its end is too. */
  recorded: boolean;
  /** Frames spent of what the limit allows, and when that was counted. */
  spent: number;
  spentAt: number;
  /** Bytes given in answer to joins that its limit still counts, and when that was counted. */
  answered: number;
  answeredAt: number;
  /** Rooms this socket is in. */
  rooms: string[];
  /** A frame is being handled; later ones wait, so that they take effect in the order sent. */
  busy: boolean;
  waiting: Record<string, unknown>[] | null;
};
export type Socket = WebSocket<Connection>;

/** uWebSockets.js: the message was dropped since the socket's buffer is full. */
const DROPPED = 2;

export const newConnection = (id: string, ip: string, userAgent: string): Connection => ({
  id,
  ip,
  userAgent,
  openedAt: Date.now(),
  open: true,
  closed: false,
  authenticated: false,
  user: null,
  session: "",
  tokenEndsAt: 0,
  recorded: false,
  spent: 0,
  spentAt: 0,
  answered: 0,
  answeredAt: 0,
  rooms: [],
  busy: false,
  waiting: null,
});

/** Closes with a code that says whether to come back; a reader too slow to get it is cut off. */
export function end(socket: Socket, code: CloseCode, reason = ""): void {
  const connection = socket.getUserData();
  if (!connection.open) return;
  connection.open = false;
  connection.waiting = null;
  socket.end(code, reason);
}

/** Writes bytes that are a frame already. A frame that does not fit ends the socket: a gap must never show. */
export function write(socket: Socket, frame: Buffer | string): void {
  if (!socket.getUserData().open) return;
  if (socket.send(frame) === DROPPED) cut(socket);
}

export const send = (socket: Socket, frame: ServerFrame): void => write(socket, JSON.stringify(frame));

/** Tells a banned user why and until when, and closes. */
export function endBanned(socket: Socket, { reason, until }: Ban): void {
  send(socket, { type: "banned", reason, until });
  end(socket, CLOSE.banned, "banned");
}

/** Ends a reader that fell behind, after the publish in which that showed. */
export function cut(socket: Socket): void {
  const connection = socket.getUserData();
  if (!connection.open) return;
  connection.open = false;
  connection.waiting = null;
  // Its buffer is full, so no close frame would get through: the socket itself is closed, and the client resumes from its last seq.
  setImmediate(() => {
    if (!connection.closed) socket.close();
  });
}
