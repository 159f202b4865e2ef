/** `follow`, `read` and `read_all`: rooms that a socket follows without being in them, and how far its user has read. */
import type { Follow, Read, ReadAll } from "../../../shared/client-frames.ts";
import { Refusal } from "../../errors.ts";
import type { Listener } from "../../following/deliveries.ts";
import type { Following } from "../../following/following.ts";
import { type Connection, type Socket, write } from "../connection.ts";

/** Rooms that a socket may add to the ones it follows, at once and in a second, because each may be asked for in PostgreSQL. */
const BURST = 300;
const PER_SECOND = 20;
/** A socket with so many unsent bytes gets its news later. */
const MAX_UNSENT = 64 * 1024;

export type FollowRooms = ReturnType<typeof createFollowRooms>;
type Known = { listener: Listener; spent: number; spentAt: number };

export type FollowRoomsDeps = {
  following: Pick<Following, "follow" | "follows" | "read" | "readAll" | "close">;
  /** The newest event of a room in this gateway's memory. */
  headOf: (room: string) => number | undefined;
  /** To be called when there may be something to look for. */
  start: () => void;
  /** Whether rates are limited. */
  on: boolean;
};

export function createFollowRooms(
  { following, headOf, start, on }: FollowRoomsDeps,
  now = () => performance.now(),
) {
  const known = new Map<Connection, Known>();

  return {
    async follow(socket: Socket, { rooms }: Follow): Promise<void> {
      const entry = entryOf(socket);
      pay(entry, rooms);
      start();
      await following.follow(entry.listener, rooms);
    },

    read(socket: Socket, { room, seq }: Read): void {
      const { rooms } = socket.getUserData().connection;
      start();
      const head = rooms.includes(room) ? headOf(room) : undefined;
      if (!following.read(entryOf(socket).listener, room, seq, head)) throw new Refusal("not_joined");
    },

    readAll(socket: Socket, _frame: ReadAll): void {
      start();
      following.readAll(entryOf(socket).listener);
    },

    /** To be called when the socket is closed. */
    close(socket: Socket): void {
      const { connection } = socket.getUserData();
      const entry = known.get(connection);
      known.delete(connection);
      if (entry) following.close(entry.listener);
    },
  };

  function entryOf(socket: Socket): Known {
    const { connection } = socket.getUserData();
    const found = known.get(connection);
    if (found) return found;
    const listener: Listener = {
      userId: connection.user?.id,
      isOpen: () => connection.open,
      send(frame) {
        if (!connection.open) return true;
        if (socket.getBufferedAmount() > MAX_UNSENT) return false;
        write(socket, frame);
        return true;
      },
    };
    const made = { listener, spent: 0, spentAt: now() };
    known.set(connection, made);
    return made;
  }

  /** @throws Refusal `too_fast`. */
  function pay(entry: Known, rooms: readonly string[]): void {
    const time = now();
    const spent = Math.max(0, entry.spent - ((time - entry.spentAt) / 1_000) * PER_SECOND);
    const added = rooms.filter((room) => !following.follows(entry.listener, room)).length;
    if (on && spent + added > BURST)
      throw new Refusal("too_fast", {
        retryAfterMs: Math.ceil(((spent + added - BURST) / PER_SECOND) * 1_000),
      });
    entry.spent = spent + added;
    entry.spentAt = time;
  }
}
