/**
 * Tells a client what it lacks of a room. That may be more than a socket may hold: then it goes in parts, the next one when
 * the line has taken most of the one before, and only who has everything hears what the room says from then on.
 */
import { CLOSE } from "../../shared/codes.ts";
import { isOutage } from "../../shared/server/faults.ts";
import { frameOf } from "../batch.ts";
import type { ReportInternalError } from "../internal-errors.ts";
import { joinedFrame, startOver } from "../joined.ts";
import { Refused } from "../refused.ts";
import type { Room } from "../room.ts";
import type { LoggedEvent, Position } from "../room-log.ts";
import type { Rooms } from "../rooms.ts";
import { withDeletions } from "../tombstone.ts";
import { type Connection, end, type Socket, write } from "./connection.ts";
import { topicOf } from "./topic.ts";

export type ResumeDeps = {
  rooms: Pick<Rooms, "loaded" | "readAfter">;
  /** Unsent bytes beyond which a socket is cut. */
  maxBackpressure: number;
  /** Makes the socket a member. */
  enter: (socket: Socket, room: Room) => void;
  onInternalError: ReportInternalError;
};
/** How far a socket got that lacks something still. */
type Place = { since: Position; reading: boolean };

/** A part fills so much of what a socket may hold; the rest is for what else the client is told meanwhile. */
const FULL = 3 / 4;
/** The next part follows when no more than this is unsent. */
const LOW = 1 / 4;

/** As many of the first events as fit, at least one: every part gets the client on. */
function fitting(events: readonly LoggedEvent[], bytes: number): readonly LoggedEvent[] {
  let left = bytes;
  const end = events.findIndex((event, index) => {
    left -= event.bytes.length + 1;
    return left < 0 && index > 0;
  });
  return end < 0 ? events : events.slice(0, end);
}

export function createResume({ rooms, maxBackpressure, enter, onInternalError }: ResumeDeps) {
  const behind = new Map<Connection, Map<string, Place>>();
  const hasRoom = (socket: Socket): boolean => socket.getBufferedAmount() <= LOW * maxBackpressure;

  const forget = (socket: Socket, name: string): void => {
    const places = behind.get(socket.getUserData());
    if (places?.delete(name) && places.size === 0) behind.delete(socket.getUserData());
  };

  /** From here on it is told live; in one synchronous step with what it was told last. */
  const listen = (socket: Socket, room: Room): void => {
    forget(socket, room.name);
    socket.subscribe(topicOf(room.name));
  };

  const goOnLater = (socket: Socket, room: Room, since: Position): void => {
    const connection = socket.getUserData();
    const place = { since, reading: false };
    // Who joined before and asks again from far behind has been listening.
    socket.unsubscribe(topicOf(room.name));
    behind.set(connection, (behind.get(connection) ?? new Map<string, Place>()).set(room.name, place));
    if (hasRoom(socket)) goOn(socket, room, place);
  };

  /** @returns false when the socket is gone. */
  const begin = (socket: Socket, room: Room): boolean => {
    if (!socket.getUserData().open) return false;
    // Let go, being empty, while Redis was asked: who entered it now would never hear anything.
    if (rooms.loaded(room.name) !== room) throw new Refused("unavailable");
    enter(socket, room);
    return true;
  };

  const restart = (socket: Socket, room: Room): void => {
    if (!begin(socket, room)) return;
    room.flush();
    write(socket, startOver(room.name, room.log));
    listen(socket, room);
  };

  /** @param events what follows `since`: all of it, or the first of it. @param goesOn `since` is where the part before ended. */
  const tell = (
    socket: Socket,
    room: Room,
    {
      since,
      events,
      all,
      goesOn,
    }: { since: Position; events: readonly LoggedEvent[]; all: boolean; goesOn: boolean },
  ): void => {
    if (!begin(socket, room)) return;
    const { log, name } = room;
    const part = fitting(events, FULL * maxBackpressure - socket.getBufferedAmount());
    const last = part.at(-1);
    const whole = !last || (all && part.length === events.length);
    // What is held back for batching is part of what is told now, and must not come a second time.
    if (whole) room.flush();
    const { epoch, seq: head } = whole ? log.position : last;
    // A fresh epoch has to be told of; within one, events simply follow.
    if (!goesOn || since.epoch !== log.position.epoch) {
      const more = (part[0]?.seq ?? head + 1) > log.expired + 1;
      const stored = Math.min(log.stored, head);
      write(socket, joinedFrame({ room: name, epoch, head, stored, recovered: true, events: part, more }));
    } else if (last) write(socket, frameOf(part.map(({ bytes }) => bytes)));
    if (whole) listen(socket, room);
    else if (socket.getUserData().open) goOnLater(socket, room, { epoch, seq: head });
  };

  /** The client is behind this gateway's memory: what it lacks, from Redis, no more at a time than fits, or nothing. */
  const fromRedis = async (socket: Socket, room: Room, since: Position, place?: Place): Promise<void> => {
    const { state, entries, more } = await rooms.readAfter(room.name, since.seq, FULL * maxBackpressure);
    // Meanwhile it left, or was answered anew.
    if (place && behind.get(socket.getUserData())?.get(room.name) !== place) return;
    const { log } = room;
    const { epoch, seq: head } = log.position;
    const known = log.since(since).from;
    const last = entries.at(-1)?.seq ?? since.seq;
    const rest = log.since({ epoch, seq: Math.min(last, head) });
    const all = rest.from === "memory";
    const gap = state.floor > since.seq + 1 || !(all || more);
    if (gap || known === "nowhere" || known === "unheard") return restart(socket, room);
    const read = entries.filter(({ seq }) => seq <= head);
    const later = all ? rest.events.filter(({ seq }) => seq > last) : log.all();
    const events = withDeletions([...read, ...later]);
    const told = all ? events : events.slice(0, read.length);
    tell(socket, room, { since, events: told, all, goesOn: place !== undefined });
  };

  /** Synchronous when memory has the answer, as it nearly always has. */
  const resume = (socket: Socket, room: Room, since: Position, place?: Place): void | Promise<void> => {
    const found = room.log.since(since);
    if (found.from === "redis") return fromRedis(socket, room, since, place);
    if (found.from !== "memory") return restart(socket, room);
    tell(socket, room, { since, events: found.events, all: true, goesOn: place !== undefined });
  };

  function goOn(socket: Socket, room: Room, place: Place): void {
    if (place.reading) return;
    const reading = resume(socket, room, place.since, place);
    place.reading = reading !== undefined;
    reading?.catch((error: unknown) => {
      if (!isOutage(error) && !(error instanceof Refused))
        onInternalError(error, "socket", { room: room.name });
      // It asked for nothing that could be refused: it comes back and asks.
      end(socket, CLOSE.overloaded, "unavailable");
    });
  }

  return {
    restart,
    /** Answers a join with `since`. */
    resume: (socket: Socket, room: Room, since: Position) => resume(socket, room, since),
    /** The line took something: sockets that lack something get the next part of it. */
    drained(socket: Socket): void {
      for (const [name, place] of behind.get(socket.getUserData()) ?? []) {
        const room = rooms.loaded(name);
        if (!socket.getUserData().open || !hasRoom(socket)) return;
        if (room) goOn(socket, room, place);
      }
    },
    forget,
    /** The socket is gone. */
    forgetAll: (socket: Socket): void => void behind.delete(socket.getUserData()),
  };
}
