/**
 * Sends a client the events of a room that it lacks, then subscribes it to live events. A backlog over the limits of
 * unsent bytes or of bytes per second goes out in chunks as the socket drains. The socket is subscribed in the same
 * synchronous step as the last chunk. Owns the cursor of each socket that is behind; backlog-source.ts reads,
 * chunk-backlog.ts cuts.
 */
import { CLOSE } from "../../shared/codes.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import { Refusal } from "../errors.ts";
import type { Position } from "../events/event.ts";
import { joinedFrame, startOver as startOverFrame } from "../events/joined-frame.ts";
import type { ReadBacklog } from "../history/backlog.ts";
import { forOlderClients } from "../history/older-clients.ts";
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
  /** Unsent bytes beyond which a socket is closed. */
  maxBackpressure: number;
  answerLimit: AnswerLimit;
  /** Makes the socket a member. */
  enter: (socket: Socket, room: Room) => void;
  /** Called when the socket has everything and is subscribed. */
  onLive: (socket: Socket, room: Room) => void;
  onInternalError: ReportInternalError;
};
/** Progress of a socket that is behind. `timer` is set while the answer limit delays its next chunk. */
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
    /** Sends a member everything after a position before it hears the room live again. */
    fallBehind(socket: Socket, room: Room, since: Position): void {
      const connection = socket.getUserData().connection;
      if (connection.open && !cursorOf(socket, room.name)) waitForDrain(socket, room, since);
    },
    /** Sends the next chunks once the socket's buffer has drained. */
    continueWhenDrained(socket: Socket): void {
      for (const [name, cursor] of cursors.get(socket.getUserData().connection) ?? []) {
        const room = rooms.loaded(name);
        if (!socket.getUserData().connection.open || !isDrained(socket)) return;
        if (room) sendNextChunk(socket, room, cursor);
      }
    },
    /** Stops sending the socket the rest of a room's backlog. */
    cancel,
    /** To be called when the socket is closed. */
    cancelAll(socket: Socket): void {
      for (const name of cursors.get(socket.getUserData().connection)?.keys() ?? []) cancel(socket, name);
    },
  };

  function startOver(socket: Socket, room: Room): void {
    if (!enterOpen(socket, room)) return;
    room.flush();
    writeAnswer(socket, startOverFrame(room.name, room.log));
    subscribeLive(socket, room);
  }

  /** @param cursor set when this continues an earlier answer. */
  function sendBacklog(socket: Socket, room: Room, since: Position, cursor?: Cursor): void | Promise<void> {
    const { user, ip } = socket.getUserData().connection;
    const missed = source.read(room, since, user?.id ?? ip);
    if (!(missed instanceof Promise)) {
      sendChunk(socket, room, since, missed, cursor);
      return;
    }
    if (!cursor) unsubscribe(socket, room.name);
    return missed.then((joinMemory) => {
      // The socket left or joined again during the read.
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
    // Events held back for batching are part of the last chunk, and must not be published again.
    if (chunk.isComplete) room.flush();
    if (!cursor || !chunk.isContiguous) writeAnswer(socket, joinedWith(room, chunk));
    else if (chunk.events.length > 0) writeAnswer(socket, frameOf(chunk.events.map(({ bytes }) => bytes)));
    if (chunk.isComplete) subscribeLive(socket, room);
    else if (socket.getUserData().connection.open) waitForDrain(socket, room, chunk.cursor);
  }

  function sendNextChunk(socket: Socket, room: Room, cursor: Cursor): void {
    if (cursor.isReading || cursor.timer) return;
    const waitMs = answerLimit.waitMs(socket.getUserData().connection);
    if (waitMs > 0) {
      cursor.timer = setTimeout(() => {
        cursor.timer = undefined;
        if (socket.getUserData().connection.open && isDrained(socket)) sendNextChunk(socket, room, cursor);
      }, waitMs);
      return;
    }
    const reading = sendBacklog(socket, room, cursor.position, cursor);
    cursor.isReading = reading !== undefined;
    reading?.catch((error: unknown) => {
      if (!(error instanceof Unavailable) && !(error instanceof Refusal))
        onInternalError(error, "socket", { room: room.name });
      // No frame is left to refuse, so the socket is closed: the client reconnects and joins again.
      end(socket, CLOSE.overloaded, "unavailable");
    });
  }

  /** Queues the rest of the backlog, from this position on. */
  function waitForDrain(socket: Socket, room: Room, position: Position): void {
    const connection = socket.getUserData().connection;
    const cursor: Cursor = { position, isReading: false, timer: undefined };
    // A socket that had joined before is still subscribed.
    unsubscribe(socket, room.name);
    const ofSocket = cursors.get(connection) ?? new Map<string, Cursor>();
    cursors.set(connection, ofSocket.set(room.name, cursor));
    if (isDrained(socket)) sendNextChunk(socket, room, cursor);
  }

  /** Must run in the same synchronous step as the last write, so that no event falls between. */
  function subscribeLive(socket: Socket, room: Room): void {
    cancel(socket, room.name);
    socket.subscribe(topicOf(room.name, socket.getUserData().connection.isOlder));
    onLive(socket, room);
  }

  /** Stops live events and the rest of an earlier answer: neither may come before the answer that is awaited. */
  function unsubscribe(socket: Socket, name: string): void {
    cancel(socket, name);
    socket.unsubscribe(topicOf(name, socket.getUserData().connection.isOlder));
  }

  /**
   * @returns false when the socket is closed.
   * @throws when the room was unloaded, being empty, while its log was read.
   */
  function enterOpen(socket: Socket, room: Room): boolean {
    if (!socket.getUserData().connection.open) return false;
    if (rooms.loaded(room.name) !== room) throw new Refusal("unavailable");
    enter(socket, room);
    return true;
  }

  function writeAnswer(socket: Socket, frame: Buffer): void {
    const connection = socket.getUserData().connection;
    answerLimit.spend(connection, frame.length);
    write(socket, connection.isOlder ? forOlderClients(frame) : frame);
  }

  function isDrained(socket: Socket): boolean {
    return socket.getBufferedAmount() <= LOW_WATERMARK * maxBackpressure;
  }

  function cursorOf(socket: Socket, name: string): Cursor | undefined {
    return cursors.get(socket.getUserData().connection)?.get(name);
  }

  function cancel(socket: Socket, name: string): void {
    const ofSocket = cursors.get(socket.getUserData().connection);
    clearTimeout(ofSocket?.get(name)?.timer);
    if (ofSocket?.delete(name) && ofSocket.size === 0) cursors.delete(socket.getUserData().connection);
  }
}

function joinedWith({ name: room, log }: Room, { events, cursor }: Chunk): Buffer {
  const { epoch, seq: head } = cursor;
  const more = (events[0]?.seq ?? head + 1) > log.expired + 1;
  const stored = Math.min(log.stored, head);
  return joinedFrame({ room, epoch, head, stored, recovered: true, events, more });
}
