/**
 * Sends a client everything that it lacks of a room, and then has it hear the room live. More than a socket may hold, or may
 * ask for in a second, goes in chunks as the socket drains; with the last one, in the same synchronous step, the socket is
 * subscribed. Owns who is behind and how far; backlog-source.ts reads, chunk-backlog.ts cuts.
 */
import { CLOSE } from "../../shared/codes.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import { Refusal } from "../errors.ts";
import type { Position } from "../events/event.ts";
import { joinedFrame, startOver as startOverFrame } from "../events/joined-frame.ts";
import type { ReadBacklog } from "../history/backlog.ts";
import type { ReportInternalError } from "../internal-errors.ts";
import { frameOf } from "../room-log/fan-out-batch.ts";
import type { Room } from "../room-log/live-room.ts";
import type { RoomFeed } from "../room-log/live-rooms.ts";
import type { AnswerLimit } from "./answer-limit.ts";
import { createBacklogSource } from "./backlog-source.ts";
import { type Chunk, chunkBacklog, HIGH_WATERMARK, LOW_WATERMARK, type Missed } from "./chunk-backlog.ts";
import { type Connection, end, type Socket, write } from "./connection.ts";
import { topicOf } from "./topics.ts";

export type CatchUpDeps = {
  rooms: Pick<RoomFeed, "loaded">;
  backlog: ReadBacklog;
  /** Unsent bytes beyond which a socket is cut. */
  maxBackpressure: number;
  answerLimit: AnswerLimit;
  /** Makes the socket a member. */
  enter: (socket: Socket, room: Room) => void;
  /** The socket has everything and hears the room live. */
  onLive: (socket: Socket, room: Room) => void;
  onInternalError: ReportInternalError;
};
/** How far a socket got that is behind. `timer`: it has to wait before it is sent more. */
type Cursor = { position: Position; isReading: boolean; timer: NodeJS.Timeout | undefined };

export function createCatchUp(deps: CatchUpDeps) {
  const { rooms, backlog, maxBackpressure, answerLimit, enter, onLive, onInternalError } = deps;
  const source = createBacklogSource(backlog, HIGH_WATERMARK * maxBackpressure);
  const cursors = new Map<Connection, Map<string, Cursor>>();

  return {
    /** Answers a join with the room's newest events. */
    startOver,
    /** Answers a join with everything after a position. Synchronous when memory has it. */
    sendBacklog: (socket: Socket, room: Room, since: Position) => sendBacklog(socket, room, since),
    unsubscribe,
    /** A member who lacks what came after a position is sent that before it hears the room again. */
    fallBehind(socket: Socket, room: Room, since: Position): void {
      const connection = socket.getUserData();
      if (connection.open && !cursorOf(socket, room.name)) waitForDrain(socket, room, since);
    },
    /** The socket sent something: rooms in which it is behind go on. */
    continueWhenDrained(socket: Socket): void {
      for (const [name, cursor] of cursors.get(socket.getUserData()) ?? []) {
        const room = rooms.loaded(name);
        if (!socket.getUserData().open || !isDrained(socket)) return;
        if (room) sendNextChunk(socket, room, cursor);
      }
    },
    /** The socket is not to be sent what it lacks of the room. */
    cancel,
    /** The socket is gone. */
    cancelAll(socket: Socket): void {
      for (const name of cursors.get(socket.getUserData())?.keys() ?? []) cancel(socket, name);
    },
  };

  function startOver(socket: Socket, room: Room): void {
    if (!enterOpen(socket, room)) return;
    room.flush();
    writeAnswer(socket, startOverFrame(room.name, room.log));
    subscribeLive(socket, room);
  }

  /** @param cursor set: this continues what the socket was sent before. */
  function sendBacklog(socket: Socket, room: Room, since: Position, cursor?: Cursor): void | Promise<void> {
    const { user, ip } = socket.getUserData();
    const missed = source.read(room, since, user?.id ?? ip);
    if (!(missed instanceof Promise)) {
      sendChunk(socket, room, since, missed, cursor);
      return;
    }
    if (!cursor) unsubscribe(socket, room.name);
    return missed.then((joinMemory) => {
      // Meanwhile it left, or was answered anew.
      if (cursor && cursorOf(socket, room.name) !== cursor) return;
      sendChunk(socket, room, since, joinMemory(), cursor);
    });
  }

  function sendChunk(socket: Socket, room: Room, since: Position, missed?: Missed, cursor?: Cursor): void {
    if (!missed) {
      startOver(socket, room);
      return;
    }
    if (!enterOpen(socket, room)) return;
    const maxBytes = HIGH_WATERMARK * maxBackpressure - socket.getBufferedAmount();
    const chunk = chunkBacklog(missed, since, room.log.position, maxBytes);
    // What is held back for batching is part of the last chunk, and must not come a second time.
    if (chunk.isComplete) room.flush();
    if (!cursor || !chunk.isContiguous) writeAnswer(socket, joinedWith(room, chunk));
    else if (chunk.events.length > 0) writeAnswer(socket, frameOf(chunk.events.map(({ bytes }) => bytes)));
    if (chunk.isComplete) subscribeLive(socket, room);
    else if (socket.getUserData().open) waitForDrain(socket, room, chunk.cursor);
  }

  function sendNextChunk(socket: Socket, room: Room, cursor: Cursor): void {
    if (cursor.isReading || cursor.timer) return;
    const waitMs = answerLimit.waitMs(socket.getUserData());
    if (waitMs > 0) {
      cursor.timer = setTimeout(() => {
        cursor.timer = undefined;
        if (socket.getUserData().open && isDrained(socket)) sendNextChunk(socket, room, cursor);
      }, waitMs);
      return;
    }
    const reading = sendBacklog(socket, room, cursor.position, cursor);
    cursor.isReading = reading !== undefined;
    reading?.catch((error: unknown) => {
      if (!(error instanceof Unavailable) && !(error instanceof Refusal))
        onInternalError(error, "socket", { room: room.name });
      // It asked for nothing that could be refused: it comes back and asks.
      end(socket, CLOSE.overloaded, "unavailable");
    });
  }

  /** The rest is sent from this position on. */
  function waitForDrain(socket: Socket, room: Room, position: Position): void {
    const connection = socket.getUserData();
    const cursor: Cursor = { position, isReading: false, timer: undefined };
    // Whoever joined before and asks again from far behind has been subscribed.
    unsubscribe(socket, room.name);
    const ofSocket = cursors.get(connection) ?? new Map<string, Cursor>();
    cursors.set(connection, ofSocket.set(room.name, cursor));
    if (isDrained(socket)) sendNextChunk(socket, room, cursor);
  }

  /** From here on it hears the room live: in one synchronous step with what it was sent last. */
  function subscribeLive(socket: Socket, room: Room): void {
    cancel(socket, room.name);
    socket.subscribe(topicOf(room.name));
    onLive(socket, room);
  }

  /** Whoever awaits an answer hears nothing of the room before it, nor the rest of the answer before. */
  function unsubscribe(socket: Socket, name: string): void {
    cancel(socket, name);
    socket.unsubscribe(topicOf(name));
  }

  /** @returns false when the socket is gone. @throws when the room was let go, being empty, while its log was read. */
  function enterOpen(socket: Socket, room: Room): boolean {
    if (!socket.getUserData().open) return false;
    if (rooms.loaded(room.name) !== room) throw new Refusal("unavailable");
    enter(socket, room);
    return true;
  }

  function writeAnswer(socket: Socket, frame: Buffer): void {
    answerLimit.spend(socket.getUserData(), frame.length);
    write(socket, frame);
  }

  function isDrained(socket: Socket): boolean {
    return socket.getBufferedAmount() <= LOW_WATERMARK * maxBackpressure;
  }

  function cursorOf(socket: Socket, name: string): Cursor | undefined {
    return cursors.get(socket.getUserData())?.get(name);
  }

  function cancel(socket: Socket, name: string): void {
    const ofSocket = cursors.get(socket.getUserData());
    clearTimeout(ofSocket?.get(name)?.timer);
    if (ofSocket?.delete(name) && ofSocket.size === 0) cursors.delete(socket.getUserData());
  }
}

function joinedWith({ name: room, log }: Room, { events, cursor }: Chunk): Buffer {
  const { epoch, seq: head } = cursor;
  const more = (events[0]?.seq ?? head + 1) > log.expired + 1;
  const stored = Math.min(log.stored, head);
  return joinedFrame({ room, epoch, head, stored, recovered: true, events, more });
}
