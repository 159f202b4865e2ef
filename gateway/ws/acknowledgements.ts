/**
 * Acknowledgements of messages. They go out with the broadcast of their event, in one write, because a write costs a busy gateway more than
 * anything else about a message. They do not wait for a broadcast that does not come.
 */
import type { Ack } from "../../shared/server-frames.ts";
import type { Room } from "../room-log/live-room.ts";
import { type Socket, send } from "./connection.ts";

/** An acknowledgement waits this long at least, and twice as long at most, while the bus is silent. */
const PATIENCE_MS = 50;

export type Acknowledge = ReturnType<typeof createAcknowledge>;

/** @param roomOf the room in this gateway's memory. */
export function createAcknowledge(roomOf: (name: string) => Pick<Room, "written"> | undefined) {
  let younger = new Set<() => void>();
  let older = new Set<() => void>();
  let isSweeping = false;

  return (socket: Socket, ack: Ack): void => {
    const write = (): void => {
      younger.delete(write);
      older.delete(write);
      writeWithBroadcast(socket, ack);
    };
    const written = roomOf(ack.room)?.written;
    if (!written || written.reached >= ack.seq) {
      send(socket, ack);
      return;
    }
    younger.add(write);
    // The sweep may have been first.
    const isWatched = written.when(ack.seq, () => {
      if (younger.has(write) || older.has(write)) write();
    });
    if (!isWatched) write();
    else if (!isSweeping) sweepLater();
  };

  function sweepLater(): void {
    isSweeping = true;
    setTimeout(() => {
      isSweeping = false;
      for (const write of older) write();
      older = younger;
      younger = new Set();
      if (older.size > 0) sweepLater();
    }, PATIENCE_MS).unref();
  }
}

/** Within a cork, what was published to this socket before is part of the same write. */
function writeWithBroadcast(socket: Socket, ack: Ack): void {
  const { open, closed } = socket.getUserData().connection;
  if (open && !closed) socket.cork(() => send(socket, ack));
}
