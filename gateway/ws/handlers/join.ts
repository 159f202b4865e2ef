/**
 * `join` and `leave`. A join is one synchronous step once the room is in memory, so that no event falls between the
 * answer and the live events after it. Owns the membership of sockets in rooms; catch-up.ts answers.
 */

import type { Join, Leave } from "../../../shared/client-frames.ts";
import { LOBBY } from "../../../shared/limits.ts";
import type { Closed } from "../../../shared/server-frames.ts";
import { Refusal } from "../../errors.ts";
import type { Position } from "../../events/event.ts";
import type { ReadBacklog } from "../../history/backlog.ts";
import type { ReportInternalError } from "../../internal-errors.ts";
import type { Presence } from "../../presence/presence.ts";
import type { Room } from "../../room-log/live-room.ts";
import type { RoomFeed } from "../../room-log/live-rooms.ts";
import type { AnswerLimit } from "../answer-limit.ts";
import { createCatchUp } from "../catch-up.ts";
import { type Connection, type Socket, send } from "../connection.ts";
import { createRoomMembers } from "../room-members.ts";
import { topicOf } from "../topics.ts";

/** Max rooms per socket. */
const MAX_ROOMS = 50;
/** Shared by all sockets that are only in the lobby, the usual case, to save memory. */
const LOBBY_ONLY: string[] = [LOBBY];

export type JoinRoomDeps = {
  rooms: RoomFeed;
  presence: Pick<Presence, "enter" | "leave" | "count">;
  backlog: ReadBacklog;
  maxBackpressure: number;
  answerLimit: AnswerLimit;
  onInternalError: ReportInternalError;
};
export type JoinRoom = ReturnType<typeof createJoinRoom>;

export function createJoinRoom({ rooms, presence, ...deps }: JoinRoomDeps) {
  const catchUp = createCatchUp({ ...{ rooms, enter, onLive: sendPresence }, ...deps });
  const members = createRoomMembers();
  /** The room whose answer a socket awaits. */
  const awaited = new Map<Connection, string>();

  rooms.watchLost((room, from) => {
    for (const socket of members.of(room.name))
      if (awaited.get(socket.getUserData().connection) !== room.name) catchUp.fallBehind(socket, room, from);
  });

  return {
    join(socket: Socket, { room: name, since }: Join): void | Promise<void> {
      const { rooms: already } = socket.getUserData().connection;
      const waitMs = deps.answerLimit.waitMs(socket.getUserData().connection);
      if (waitMs > 0) throw new Refusal("too_fast", { retryAfterMs: waitMs });
      if (already.length >= MAX_ROOMS && !already.includes(name)) throw new Refusal("too_many");
      const room = rooms.loaded(name);
      return room
        ? join(socket, room, since)
        : rooms.acquire(name).then((loaded) => join(socket, loaded, since));
    },

    leave(socket: Socket, { room: name }: Leave): void {
      if (!socket.getUserData().connection.rooms.includes(name)) throw new Refusal("not_joined");
      takeOut(socket, name);
    },

    /**
     * Takes sockets out of a room, with notice.
     * @param mayStay the users whose sockets stay; by default none.
     */
    expel(
      name: string,
      code: Closed["code"],
      mayStay: (userId: string | undefined) => boolean = () => false,
    ): void {
      for (const socket of members.of(name)) {
        const { open, user } = socket.getUserData().connection;
        if (!open || mayStay(user?.id)) continue;
        takeOut(socket, name);
        send(socket, { type: "closed", room: name, code });
      }
    },

    /** To be called when the socket is closed. */
    leaveAll(socket: Socket): void {
      const connection = socket.getUserData().connection;
      for (const name of connection.rooms) noteLeft(socket, name);
      connection.rooms = [];
      catchUp.cancelAll(socket);
    },

    drained: catchUp.continueWhenDrained,
  };

  /** Answers from memory unless memory may be behind: the client is ahead of this node, or the bus was interrupted. */
  function join(socket: Socket, room: Room, since: Position | undefined): void | Promise<void> {
    const isCurrent = room.live && !(since && room.log.since(since).from === "ahead");
    const answered = isCurrent ? answer(socket, room, since) : catchUpFirst(socket, room, since);
    return answered && awaitAnswer(socket, room.name, answered);
  }

  function answer(socket: Socket, room: Room, since: Position | undefined): void | Promise<void> {
    return since ? catchUp.sendBacklog(socket, room, since) : catchUp.startOver(socket, room);
  }

  /**
   * Asks Redis first. The socket is unsubscribed until the answer: a resync may end at or below the position that the
   * client named, and a `joined` that nobody asked for would be taken for the answer.
   */
  async function catchUpFirst(socket: Socket, room: Room, since: Position | undefined): Promise<void> {
    catchUp.unsubscribe(socket, room.name);
    await room.catchUp();
    await answer(socket, room, since);
  }

  /** Takes a socket out of the room if its answer fails: otherwise it would be a member without live events. */
  async function awaitAnswer(socket: Socket, name: string, answered: Promise<void>): Promise<void> {
    const connection = socket.getUserData().connection;
    awaited.set(connection, name);
    try {
      await answered;
    } catch (error) {
      if (connection.rooms.includes(name)) takeOut(socket, name);
      throw error;
    } finally {
      awaited.delete(connection);
    }
  }

  function enter(socket: Socket, room: Room): void {
    const connection = socket.getUserData().connection;
    if (connection.rooms.includes(room.name)) return;
    const isAlone = room.name === LOBBY && connection.rooms.length === 0;
    connection.rooms = isAlone ? LOBBY_ONLY : [...connection.rooms, room.name];
    rooms.enter(room);
    members.add(room.name, socket);
    presence.enter(room.name, connection.user?.id);
  }

  /** Sends the last known presence, because a newcomer would otherwise wait for the next change or for 5 s. */
  function sendPresence(socket: Socket, { name: room, log }: Room): void {
    const known = presence.count(room);
    if (known === undefined || known.people === 0) return;
    const { people, connections } = known;
    const { stored, position } = log;
    send(socket, { type: "presence", room, people, connections, head: position.seq, stored });
  }

  function takeOut(socket: Socket, name: string): void {
    const connection = socket.getUserData().connection;
    connection.rooms = connection.rooms.filter((room) => room !== name);
    connection.awaited?.delete(name);
    socket.unsubscribe(topicOf(name, socket.getUserData().connection.isOlder));
    catchUp.cancel(socket, name);
    noteLeft(socket, name);
  }

  function noteLeft(socket: Socket, name: string): void {
    const room = rooms.loaded(name);
    if (room) rooms.leave(room);
    members.remove(name, socket);
    presence.leave(name, socket.getUserData().connection.user?.id);
  }
}
