/**
 * Handles each frame of the server: events go to their room, acknowledgements and broadcasts to the outbox, refusals to
 * the owner of the refused frame. Owns no state; the joined rooms and the user belong to `chat.ts`.
 */
import type { ReadonlySignal } from "@preact/signals";
import { own } from "../../shared/own.ts";
import type {
  Ack,
  Closed,
  Heads,
  Joined,
  NoticeEvent,
  Presence,
  PublicUser,
  RefusedFrame,
  Restricted,
  RoomEvent,
  RoomsNews,
  ServerFrame,
  Welcome,
} from "../../shared/server-frames.ts";
import type { OpenRooms } from "./open-rooms.ts";
import type { RestrictionState } from "./restriction.ts";
import type { Notification } from "./toasts.ts";
import type { Typing } from "./typing.ts";
import type { UserOutbox } from "./user-outbox.ts";

export type ChatEvents = {
  notify(notification: Notification): void;
  /** The server sent the current profile of the user. */
  identified(user: PublicUser): void;
  /** The list of rooms changed. */
  roomsNews(news: RoomsNews): void;
  /** The person's own list of rooms changed. */
  ownRooms(): void;
  /** The room on screen was deleted. */
  roomGone(name: string): void;
  /** A notice arrived live; not called for notices that are only read from history. */
  noticed(notice: NoticeEvent): void;
  /** News of followed rooms, or the refusal to follow some. */
  heard(frame: Heads | RefusedFrame): void;
};

/** The client id of frames about followed rooms. */
export const FOLLOWING = "following";

/** Learns of an answer. @returns whether it is to a frame that is not of the outbox. */
export type Answered = (frame: Ack | RefusedFrame) => boolean;

export type FrameDeps = {
  /** The room on screen. */
  here: ReadonlySignal<string>;
  userId: ReadonlySignal<string | undefined>;
  rooms: OpenRooms;
  outbox: UserOutbox;
  typing: Typing;
  restriction: RestrictionState;
  welcome(frame: Welcome): void;
  /** Called when fewer entries may wait in a room than before. */
  settleRooms(): void;
};

type Handlers = { [T in ServerFrame["type"]]: (frame: Extract<ServerFrame, { type: T }>) => void };

/** @returns the handler of all frames. Ignores types that this page does not know. */
export function createFrameHandlers(
  deps: FrameDeps,
  events: ChatEvents,
  answers: ReadonlySet<Answered>,
): (frame: ServerFrame) => void {
  const { rooms, outbox, typing, restriction } = deps;
  const handlers: Handlers = {
    welcome: deps.welcome,
    joined,
    message: event,
    deleted: event,
    removed: event,
    reactions: event,
    notice: event,
    ack: (frame) => isTaken(frame) || placed(frame.room, frame.clientId, frame.seq),
    refused,
    warning: () => events.notify({ about: "spam-warning" }),
    restricted,
    presence,
    typing: (frame) => typing.received(frame, deps.userId.value),
    closed,
    rooms: roomsNews,
    own_rooms: () => events.ownRooms(),
    heads: events.heard,
    // Handled by the connection.
    banned: ignored,
    move: ignored,
    pong: ignored,
  };

  return (frame) => {
    const handle = own(handlers, frame.type) as ((frame: ServerFrame) => void) | undefined;
    if (handle) handle(frame);
    // An event of a later release keeps its place in the log, and is not shown.
    else if ("at" in frame) event(frame);
  };

  function isTaken(frame: Ack | RefusedFrame): boolean {
    return [...answers].some((isMine) => isMine(frame));
  }

  function joined(frame: Joined) {
    const target = rooms.of(frame.room);
    if (target.state.value === "away") return;
    target.joined(frame);
    for (const each of frame.events) settle(each);
    // Also if this page never saw the old epoch, because its messages may have been acknowledged before a reload.
    if (outbox.current.newEpoch(frame.room, frame.epoch)) outbox.current.resend(frame.room);
    storedUpTo(frame.room, frame.stored);
  }

  function event(each: RoomEvent) {
    if (!rooms.of(each.room).append(each)) return;
    settle(each);
    if (each.type !== "notice") return;
    if (each.code === "slow_mode") outbox.current.paceChanged(each.room);
    events.noticed(each);
  }

  function settle(each: RoomEvent) {
    if (each.type !== "message" && each.type !== "deleted" && each.type !== "removed") return;
    const by = each.type === "message" ? each.user.id : each.by;
    if (by === deps.userId.value) placed(each.room, each.clientId, each.seq);
    if (each.type === "deleted") outbox.current.forgetDeleted(each.room, each.target);
    else if (each.type === "removed") {
      if (each.author === deps.userId.value) outbox.current.forgetDeleted(each.room, each.from, each.seq);
    } else if (each.deleted) outbox.current.forgetDeleted(each.room, each.seq);
    else typing.stopped(each.room, by);
  }

  function placed(name: string, clientId: string, seq: number) {
    outbox.current.settle(name, clientId, seq, rooms.of(name).epoch());
  }

  function storedUpTo(name: string, seq: number) {
    outbox.current.storedUpTo(name, rooms.of(name).epoch(), seq);
    deps.settleRooms();
  }

  /** Pending entries of the room fail. Acknowledged messages of an archived room are safe. */
  function closed({ room: name, code }: Closed) {
    const wasHere = name === deps.here.value;
    rooms.of(name).closed(code);
    outbox.current.roomClosed(name, code === "no_such_room");
    if (wasHere && code === "no_such_room") events.roomGone(name);
  }

  /** A room that was closed before may be open again. */
  function roomsNews(news: RoomsNews) {
    events.roomsNews(news);
    const room = rooms.current.value;
    const isOpen = news.rooms.some(({ name }) => name === deps.here.value);
    if (isOpen && (room.state.value === "archived" || room.state.value === "missing")) room.join();
  }

  function presence(frame: Presence) {
    rooms.of(frame.room).presence(frame);
    storedUpTo(frame.room, frame.stored);
  }

  /** The end of raid mode ends no mute. */
  function restricted({ reason, until }: Restricted) {
    const isOther = until === null && reason === "too_new" && restriction.current.value?.reason !== reason;
    if (!isOther) restriction.set(until === null ? undefined : { reason, until });
  }

  function refused(frame: RefusedFrame) {
    const { clientId, code, retryAfterMs } = frame;
    if (clientId === FOLLOWING) return events.heard(frame);
    if ((code === "muted" || code === "spam" || code === "too_new") && retryAfterMs)
      restriction.atLeast(code, retryAfterMs);
    if (isTaken(frame)) return;
    if (clientId !== undefined) {
      outbox.current.refused(frame.room, clientId, code, retryAfterMs);
      if (code === "not_joined" && frame.room !== undefined) rooms.of(frame.room).join();
    } else if (frame.room !== undefined) {
      rooms.of(frame.room).refused(frame);
    } else {
      events.notify({ about: "refused", code });
    }
  }
}

const ignored = () => undefined;
