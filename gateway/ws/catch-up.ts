/**
 * Tells a client what it lacks of a room: from memory, or from the backlog when it was away for longer. That may be more than a
 * socket may hold, or may ask for in a second: then it goes in parts, the next one when the line has taken most of the one
 * before, and only who has everything hears what the room says from then on.
 */
import { CLOSE } from "../../shared/codes.ts";
import { isOutage } from "../../shared/server/process/unavailable.ts";
import { joinedFrame, startOver } from "../events/joined-frame.ts";
import { withDeletions } from "../events/tombstone.ts";
import type { Backlog, ReadBacklog } from "../history/backlog.ts";
import type { ReportInternalError } from "../internal-errors.ts";
import { Refused } from "../refused.ts";
import type { LoggedEvent, Position } from "../room-log/event-buffer.ts";
import { frameOf } from "../room-log/fan-out-batch.ts";
import type { Room } from "../room-log/live-room.ts";
import type { Rooms } from "../room-log/live-rooms.ts";
import type { AnswerLimit } from "./answer-limit.ts";
import { type Connection, end, type Socket, write } from "./connection.ts";
import { topicOf } from "./topics.ts";

export type ResumeDeps = {
  rooms: Pick<Rooms, "loaded">;
  backlog: ReadBacklog;
  /** Unsent bytes beyond which a socket is cut. */
  maxBackpressure: number;
  answerLimit: AnswerLimit;
  /** Makes the socket a member. */
  enter: (socket: Socket, room: Room) => void;
  /** The socket has everything and hears the rest live. */
  listens: (socket: Socket, room: Room) => void;
  onInternalError: ReportInternalError;
};
/** How far a socket got that lacks something still. `later`: it has to wait before it is given more. */
type Place = { since: Position; reading: boolean; later: NodeJS.Timeout | null };
/** Events that follow `since`. `goesOn`: that is where the part before ended. `all`: nothing comes after them. */
type Part = { since: Position; events: readonly LoggedEvent[]; all: boolean; goesOn: boolean };

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

/** Whether the events follow a position without a jump, as live events do. */
const follows = (since: Position, { epoch, seq }: Position, count: number): boolean =>
  since.epoch === epoch && seq - since.seq === count;

export function createResume({
  rooms,
  backlog,
  maxBackpressure,
  answerLimit,
  enter,
  listens,
  onInternalError,
}: ResumeDeps) {
  const behind = new Map<Connection, Map<string, Place>>();
  const hasRoom = (socket: Socket): boolean => socket.getBufferedAmount() <= LOW * maxBackpressure;

  const give = (socket: Socket, frame: Buffer): void => {
    answerLimit.spend(socket.getUserData(), frame.length);
    write(socket, frame);
  };

  const forget = (socket: Socket, name: string): void => {
    const places = behind.get(socket.getUserData());
    clearTimeout(places?.get(name)?.later ?? undefined);
    if (places?.delete(name) && places.size === 0) behind.delete(socket.getUserData());
  };

  /** From here on it is told live; in one synchronous step with what it was told last. */
  const listen = (socket: Socket, room: Room): void => {
    forget(socket, room.name);
    socket.subscribe(topicOf(room.name));
    listens(socket, room);
  };

  const goOnLater = (socket: Socket, room: Room, since: Position): void => {
    const connection = socket.getUserData();
    const place: Place = { since, reading: false, later: null };
    forget(socket, room.name);
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
    give(socket, startOver(room.name, room.log));
    listen(socket, room);
  };

  const tell = (socket: Socket, room: Room, { since, events, all, goesOn }: Part): void => {
    if (!begin(socket, room)) return;
    const { log, name } = room;
    const part = fitting(events, FULL * maxBackpressure - socket.getBufferedAmount());
    const last = part.at(-1);
    const whole = !last || (all && part.length === events.length);
    // What is held back for batching is part of what is told now, and must not come a second time.
    if (whole) room.flush();
    const { epoch, seq: head } = whole ? log.position : last;
    // A jump has to be told of, at the start of an epoch or over what is a dead letter; else events simply follow.
    if (!goesOn || !follows(since, { epoch, seq: head }, part.length)) {
      const more = (part[0]?.seq ?? head + 1) > log.expired + 1;
      const stored = Math.min(log.stored, head);
      give(socket, joinedFrame({ room: name, epoch, head, stored, recovered: true, events: part, more }));
    } else if (last) give(socket, frameOf(part.map(({ bytes }) => bytes)));
    if (whole) listen(socket, room);
    else if (socket.getUserData().open) goOnLater(socket, room, { epoch, seq: head });
  };

  /** What was read, and what memory has behind it; null: they do not meet, or the position is no longer known. */
  const joinedUp = ({ log }: Room, since: Position, read: Backlog): Pick<Part, "events" | "all"> | null => {
    const { epoch, seq: head } = log.position;
    const known = log.since(since).from;
    const upTo = read.more ? (read.entries.at(-1)?.seq ?? since.seq) : Math.max(since.seq, read.state.seq);
    const rest = log.since({ epoch, seq: Math.min(upTo, head) });
    const all = rest.from === "memory";
    if (known === "nowhere" || known === "unheard" || !(all || read.more)) return null;
    const entries = read.entries.filter(({ seq }) => seq <= head);
    // Memory's own events are blank already where they were deleted. All of them are too many to be looked at for each part.
    const later = all ? rest.events.filter(({ seq }) => seq > upTo) : [];
    return { events: [...withDeletions(entries, log.deletes), ...later], all };
  };

  /** The client is behind this gateway's memory: what it lacks, no more at a time than fits. */
  const fromBacklog = async (socket: Socket, room: Room, since: Position, place?: Place): Promise<void> => {
    const { user, ip } = socket.getUserData();
    const read = await backlog(room.name, since.seq, FULL * maxBackpressure, user?.id ?? ip);
    // Meanwhile it left, or was answered anew.
    if (place && behind.get(socket.getUserData())?.get(room.name) !== place) return;
    const found = read && joinedUp(room, since, read);
    if (found) tell(socket, room, { since, ...found, goesOn: place !== undefined });
    else restart(socket, room);
  };

  /** Who awaits an answer hears nothing of the room before it, nor the rest of the answer before. */
  const hush = (socket: Socket, name: string): void => {
    forget(socket, name);
    socket.unsubscribe(topicOf(name));
  };

  /** Synchronous when memory has the answer, as it nearly always has. */
  const resume = (socket: Socket, room: Room, since: Position, place?: Place): void | Promise<void> => {
    const found = room.log.since(since);
    if (found.from === "backlog") {
      if (!place) hush(socket, room.name);
      return fromBacklog(socket, room, since, place);
    }
    if (found.from !== "memory") return restart(socket, room);
    tell(socket, room, { since, events: found.events, all: true, goesOn: place !== undefined });
  };

  function goOn(socket: Socket, room: Room, place: Place): void {
    if (place.reading || place.later) return;
    const waitMs = answerLimit.waitMs(socket.getUserData());
    if (waitMs > 0) {
      place.later = setTimeout(() => {
        place.later = null;
        if (socket.getUserData().open && hasRoom(socket)) goOn(socket, room, place);
      }, waitMs);
      return;
    }
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
    hush,
    /** Answers a join with `since`. */
    resume: (socket: Socket, room: Room, since: Position) => resume(socket, room, since),
    /** Who hears a room and lacks what came after a position is told that first. */
    catchUp(socket: Socket, room: Room, since: Position): void {
      const connection = socket.getUserData();
      if (connection.open && !behind.get(connection)?.has(room.name)) goOnLater(socket, room, since);
    },
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
    forgetAll(socket: Socket): void {
      for (const name of behind.get(socket.getUserData())?.keys() ?? []) forget(socket, name);
    },
  };
}
