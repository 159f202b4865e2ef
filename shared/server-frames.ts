/**
 * What the server sends: types only, so the browser pays nothing for them. See the contract for the meaning. The schemas that tests hold
 * real frames against are in server-frame-schemas.ts.
 */
import type { FrameCode } from "./codes.ts";
import type { ClosedHistory, ListedRoom } from "./http-api.ts";

export type Role = "user" | "moderator" | "admin";
export type PublicUser = { id: string; nickname: string; role: Role };
export type OwnUser = PublicUser & { email: string };
/** Why somebody is shut out, and until when; null: for good. */
export type Ban = { reason: string; until: number | null };
export type Restriction = { reason: string; until: number };

type Limits = { messageChars: number; frameBytes: number; resendMs: number };

export type Welcome = {
  type: "welcome";
  v: number;
  connection: string;
  gateway: string;
  user: PublicUser | null;
  restricted: Restriction | null;
  limits: Limits;
};

type EventBase = { room: string; seq: number; at: number };
/** As a tombstone it has `deleted: true` and neither text nor author's words. */
export type MessageEvent = EventBase & {
  type: "message";
  user: { id: string; nickname: string };
  /** What the author was when they said it; absent for an ordinary user. */
  role?: Exclude<Role, "user">;
  clientId: string;
  text?: string;
  deleted?: true;
};
/** `clientId`: of the frame that deleted, for its sender to know it by. */
export type DeletedEvent = EventBase & { type: "deleted"; target: number; by: string; clientId: string };
/** `renamed` has user and before, `muted` user, reason and until, `role` user and role, `slow_mode` user (who set it) and slowModeMs, `room_closed` user and history, `room_reopened` user. */
export type NoticeEvent = EventBase & {
  type: "notice";
  code: string;
  user?: { id: string; nickname: string };
  before?: string;
  reason?: string;
  until?: number;
  role?: Role;
  slowModeMs?: number;
  history?: ClosedHistory;
};
/** Everything in a room's log: contiguous seqs within an epoch, one order for all. */
export type RoomEvent = MessageEvent | DeletedEvent | NoticeEvent;

export type Joined = {
  type: "joined";
  room: string;
  epoch: string;
  head: number;
  stored: number;
  recovered: boolean;
  events: RoomEvent[];
  more: boolean;
};

export type Ack = { type: "ack"; room: string; clientId: string; seq: number };
export type RefusedFrame = {
  type: "refused";
  code: FrameCode;
  clientId?: string;
  room?: string;
  retryAfterMs?: number;
};
/** The next message alike would be refused. An addition to the contract; a client may ignore it. */
type Warning = { type: "warning"; code: "spam"; room: string; clientId: string };
export type Presence = {
  type: "presence";
  room: string;
  people: number;
  connections: number;
  head: number;
  stored: number;
};
type Restricted = { type: "restricted"; reason: string; until: number | null };
/** The last frame before 4403, also in place of `welcome`. */
type Banned = { type: "banned" } & Ban;
export type TypingSignal = { type: "typing"; room: string; user: { id: string; nickname: string } };
/** The room is closed to everybody: this socket is no longer in it. */
export type Closed = { type: "closed"; room: string; code: "room_archived" | "no_such_room" };
/**
 * Rooms that were made or changed, or whose number of people did; and names of those that are no more. For sockets that said
 * `rooms` in `hello`. `stale`: more changed than one frame tells; the list is to be asked for anew.
 */
export type RoomsNews = { type: "rooms"; rooms: ListedRoom[]; gone: string[]; stale?: true };
type Pong = { type: "pong"; id: string | number };
/** Open another connection after a random part of `withinMs`, resume there, then close this one. */
type Move = { type: "move"; withinMs: number };

export type ServerFrame =
  | Welcome
  | Joined
  | RoomEvent
  | Ack
  | RefusedFrame
  | Warning
  | Presence
  | Restricted
  | Banned
  | TypingSignal
  | Closed
  | RoomsNews
  | Pong
  | Move;
