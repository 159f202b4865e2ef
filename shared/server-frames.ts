/**
 * Types of the frames that the server sends; their meaning is in the contract. Types only, so that they add nothing to the browser's
 * bundle. The schemas by which tests validate real frames are in server-frame-schemas.ts.
 */
import type { FrameCode } from "./codes.ts";
import type { ClosedHistory, ListedRoom, RoomRole } from "./http-api.ts";

export type Role = "user" | "moderator" | "admin";
export type PublicUser = { id: string; nickname: string; role: Role };
export type OwnUser = PublicUser & { email: string };
/** The reason for a ban, and when it ends in ms since the epoch; null: never. */
export type Ban = { reason: string; until: number | null };
export type Restriction = { reason: string; until: number };

/** `messagesPerSecond` and `messageBurst`: of a user; absent where nothing limits them. */
type Limits = {
  messageChars: number;
  frameBytes: number;
  resendMs: number;
  messagesPerSecond?: number;
  messageBurst?: number;
  /** As how many characters a mention counts; absent from a gateway that knows no mentions. */
  mentionChars?: number;
};

export type Welcome = {
  type: "welcome";
  v: number;
  connection: string;
  gateway: string;
  user: PublicUser | null;
  restricted: Restriction | null;
  limits: Limits;
};

/** A place in a text that names a user, in UTF-16 units; the `@` is part of it. */
export type Mention = { id: string; start: number; length: number };
/** The seq of a message, and the id of its author. */
export type Reply = { seq: number; user: string };
type EventBase = { room: string; seq: number; at: number };
/** A tombstone has `deleted: true` and no `text`. */
export type MessageEvent = EventBase & {
  type: "message";
  user: { id: string; nickname: string };
  /** The author's role when the message was sent; absent for an ordinary user. */
  role?: Exclude<Role, "user">;
  clientId: string;
  text?: string;
  /** In order; absent without any. */
  mentions?: Mention[];
  /** The message of the room that this one replies to. */
  reply?: Reply;
  deleted?: true;
  /** Of a tombstone: its author took the message back, so that nothing of it is shown. */
  takenBack?: true;
};
/** `clientId` is that of the `delete` frame, so that its sender recognizes the event. */
export type DeletedEvent = EventBase & {
  type: "deleted";
  target: number;
  by: string;
  clientId: string;
  /** Its author took the message back in time: nothing of it is shown. */
  takenBack?: true;
};
/** Users who reacted to the message `target` with an emoji, and users who took that back. Each is a real change. */
export type ReactionChange = { target: number; emoji: string; on: string[]; off: string[] };
/** The changes of a second or more. */
export type ReactionsEvent = EventBase & { type: "reactions"; changes: ReactionChange[]; clientId: string };
/** Deletes the messages of `author` with seqs from `from` up to its own, exclusive. */
export type RemovedEvent = EventBase & {
  type: "removed";
  author: string;
  from: number;
  by: string;
  clientId: string;
};
/** `renamed` has user and before, `muted` user, reason and until, `role` user and role, `slow_mode` user (who set it) and slowModeMs, `room_closed` user and history, `room_reopened` user, `announcement` user and text; in a private room `member_joined`, `member_left` and `member_removed` user, `member_role` user and roomRole. */
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
  roomRole?: RoomRole;
  /** Of `pinned`: the seq of the message. */
  target?: number;
  text?: string;
};
/** Everything in a room's log: contiguous seqs within an epoch, one order for all. */
export type RoomEvent = MessageEvent | DeletedEvent | RemovedEvent | ReactionsEvent | NoticeEvent;

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

/** `seenBy`: the number of people who had read a message that was to be taken back, so that it was deleted with a mark. */
export type Ack = { type: "ack"; room: string; clientId: string; seq: number; seenBy?: number };
export type RefusedFrame = {
  type: "refused";
  code: FrameCode;
  clientId?: string;
  room?: string;
  retryAfterMs?: number;
};
/** The next similar message will be refused as spam. An addition to the contract; a client may ignore it. */
type Warning = { type: "warning"; code: "spam"; room: string; clientId: string };
export type Presence = {
  type: "presence";
  room: string;
  people: number;
  connections: number;
  head: number;
  stored: number;
};
export type Restricted = { type: "restricted"; reason: string; until: number | null };
/** The last frame before close code 4403; may come in place of `welcome`. */
type Banned = { type: "banned" } & Ban;
export type TypingSignal = { type: "typing"; room: string; user: { id: string; nickname: string } };
/** The room was closed, so this socket is no longer in it. */
export type Closed = { type: "closed"; room: string; code: "room_archived" | "no_such_room" };
/**
 * Rooms that were created or changed, or whose number of people changed, and the names of rooms that are gone. Sent to sockets that
 * set `rooms` in `hello`. `stale`: more changed than one frame can hold, so the client must fetch the list again.
 */
export type RoomsNews = { type: "rooms"; rooms: ListedRoom[]; gone: string[]; stale?: true };
/** The user's own list of rooms changed: a private room or direct line of theirs was created, changed or is gone, they visited a room for the first time, or chose how much they hear of one. */
type OwnRooms = { type: "own_rooms" };
/**
 * A room that the socket follows. `head`: seq of its newest message, as far as the gateway has looked back; 0: of none. `unread`: messages
 * of others above `read` that are not deleted, `mentions`: those of them that speak to the user; up to 100, which means 100 or more.
 */
export type RoomHead = { room: string; head: number; unread: number; mentions: number; read: number };
/** The answer to `follow`, with `all` of the rooms that the socket follows; later those in which a number changed. */
export type Heads = { type: "heads"; rooms: RoomHead[]; all?: true };
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
  | OwnRooms
  | Heads
  | Pong
  | Move;
