/** Joining and leaving. A join is one synchronous step once the room is in memory: no event falls between the answer and what follows it. */

import type { Join, Leave } from "../../shared/client-frames.ts";
import { LOBBY } from "../../shared/limits.ts";
import { joinedFrame, startOver } from "../joined.ts";
import type { Presence } from "../presence.ts";
import { Refused } from "../refused.ts";
import type { Room } from "../room.ts";
import type { LoggedEvent, Position } from "../room-log.ts";
import type { Rooms } from "../rooms.ts";
import { withDeletions } from "../tombstone.ts";
import { type Socket, write } from "./connection.ts";
import { topicOf } from "./topic.ts";

/** Rooms that one socket may be in at a time. */
const MOST_ROOMS = 50;
/** Shared by all sockets that are in the lobby alone, the usual case: it counts when there are many. */
const LOBBY_ONLY: string[] = [LOBBY];

export function createJoinRoom(rooms: Rooms, presence: Presence) {
  const enter = (socket: Socket, room: Room): void => {
    const connection = socket.getUserData();
    if (connection.rooms.includes(room.name)) return;
    const alone = room.name === LOBBY && connection.rooms.length === 0;
    connection.rooms = alone ? LOBBY_ONLY : [...connection.rooms, room.name];
    rooms.enter(room);
    presence.enter(room.name, connection.user?.id ?? null);
    socket.subscribe(topicOf(room.name));
  };

  const answer = (socket: Socket, room: Room, events: readonly LoggedEvent[] | null): void => {
    if (!socket.getUserData().open) return;
    // Let go, being empty, while Redis was asked: who entered it now would never hear anything.
    if (rooms.loaded(room.name) !== room) throw new Refused("unavailable");
    // What is held back for batching is part of the answer; it must not come a second time afterwards.
    room.flush();
    const { epoch, seq } = room.log.position;
    const frame = events
      ? joinedFrame({
          room: room.name,
          epoch,
          head: seq,
          stored: room.log.stored,
          recovered: true,
          events,
          more: (events[0]?.seq ?? seq + 1) > 1,
        })
      : startOver(room.name, room.log);
    enter(socket, room);
    write(socket, frame);
  };

  /** The client is behind this gateway's memory: everything it lacks, from Redis, or nothing. */
  const answerFromRedis = async (socket: Socket, room: Room, since: Position): Promise<void> => {
    const { state, entries } = await rooms.readAfter(room.name, since.seq);
    const now = room.log.since(since);
    const last = entries.at(-1)?.seq ?? since.seq;
    const rest = room.log.since({
      epoch: room.log.position.epoch,
      seq: Math.min(last, room.log.position.seq),
    });
    if (
      now.from === "nowhere" ||
      now.from === "unheard" ||
      state.floor > since.seq + 1 ||
      rest.from !== "memory"
    )
      return answer(socket, room, null);
    const read = entries.filter((entry) => entry.seq <= room.log.position.seq);
    answer(socket, room, withDeletions([...read, ...rest.events.filter((event) => event.seq > last)]));
  };

  /** Synchronous when memory has the answer, as it nearly always has. */
  const resume = (socket: Socket, room: Room, since: Position): void | Promise<void> => {
    const found = room.log.since(since);
    if (found.from === "redis") return answerFromRedis(socket, room, since);
    answer(socket, room, found.from === "memory" ? found.events : null);
  };

  const join = (socket: Socket, room: Room, since: Position | undefined): void | Promise<void> => {
    if (!since) answer(socket, room, null);
    else if (room.log.since(since).from !== "unheard") return resume(socket, room, since);
    else return room.catchUp().then(() => resume(socket, room, since));
  };

  return {
    join(socket: Socket, { room: name, since }: Join): void | Promise<void> {
      const { rooms: already } = socket.getUserData();
      if (already.length >= MOST_ROOMS && !already.includes(name)) throw new Refused("too_many");
      const room = rooms.loaded(name);
      return room
        ? join(socket, room, since)
        : rooms.acquire(name).then((loaded) => join(socket, loaded, since));
    },

    leave(socket: Socket, { room: name }: Leave): void {
      const connection = socket.getUserData();
      if (!connection.rooms.includes(name)) throw new Refused("not_joined");
      connection.rooms = connection.rooms.filter((room) => room !== name);
      socket.unsubscribe(topicOf(name));
      left(connection.user?.id ?? null, name);
    },

    /** The socket is gone. */
    leaveAll(socket: Socket): void {
      const connection = socket.getUserData();
      for (const name of connection.rooms) left(connection.user?.id ?? null, name);
      connection.rooms = [];
    },
  };

  function left(user: string | null, name: string): void {
    const room = rooms.loaded(name);
    if (room) rooms.leave(room);
    presence.leave(name, user);
  }
}
