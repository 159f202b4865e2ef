/** The rooms that have members on this gateway: each subscribed once, loaded once, kept a little after the last leaves. */
import { singleFlight } from "../../shared/server/process/single-flight.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import type { RedisKeys } from "../../shared/server/redis/keys.ts";
import type { LogBounds } from "../../shared/server/redis/room-log-store.ts";
import { Refusal } from "../errors.ts";
import type { Bus } from "../subscriber.ts";
import type { Position } from "./event-buffer.ts";
import { type ClosedCode, createRoom, type Room } from "./live-room.ts";
import type { LogReads } from "./log-reads.ts";
import type { KeptSince } from "./retention.ts";
import { createSetAside } from "./set-aside.ts";

/** The rooms that are in memory now, by name: filled here, read also by those who recover a room. */
export type LoadedRooms = Map<string, Room>;
export type LiveRoomsDeps = {
  bus: Bus;
  logs: Pick<LogReads, "after" | "newest">;
  keys: RedisKeys;
  exists: (room: string) => Promise<boolean>;
  loaded: LoadedRooms;
  publish: (room: string, frame: Buffer) => void;
  memory: {
    bounds: LogBounds;
    /** What is older is told by nobody. */
    keptSince: KeptSince;
    /** What readers may see of an event that was said earlier. */
    redact: (event: Buffer) => Buffer;
  };
  on: {
    events: (count: number) => void;
    /** A room's memory begins anew beyond a gap. */
    lost: (room: string) => void;
    /** A room's log cannot be read: its members are sent away, and come back. */
    setAside: (room: string, error: unknown) => void;
  };
};
export type LiveRooms = ReturnType<typeof createLiveRooms>;

/** An empty room stays subscribed this long: people who reload come back to a warm memory. */
const LINGER_MS = 30_000;

export function createLiveRooms({
  bus,
  logs,
  keys,
  exists,
  loaded: rooms,
  publish,
  memory,
  on,
}: LiveRoomsDeps) {
  const setAside = createSetAside();
  const lingering = new Map<string, NodeJS.Timeout>();
  let tellMembers: (room: Room, from: Position) => void = () => undefined;
  let onClosed: (room: string, code: ClosedCode) => void = () => undefined;

  /** Its members hear no more of it here; others find it `unavailable` for a while. */
  const giveUp = (room: Room, error: unknown): number => {
    close(room);
    on.setAside(room.name, error);
    return setAside.add(room.name);
  };

  const open = singleFlight(async (name: string): Promise<Room> => {
    const waitMs = setAside.waitMs(name);
    if (waitMs > 0) throw new Refusal("unavailable", { retryAfterMs: waitMs });
    if (!(await exists(name))) throw new Refusal("no_such_room");
    const room = createRoom(name, {
      bounds: memory.bounds,
      keptSince: memory.keptSince,
      publish: (frame) => publish(name, frame),
      readNewest: () => logs.newest(name),
      readAfter: (seq) => logs.after(name, seq),
      onEvents: on.events,
      onLost(from) {
        on.lost(name);
        tellMembers(room, from);
      },
      onUnreadable: (error) => void giveUp(room, error),
      onClosed: (code) => onClosed(name, code),
    });
    try {
      await bus.subscribe(keys.channel(name), room.onBus);
      await room.load();
    } catch (error) {
      if (error instanceof Unavailable || error instanceof Refusal) {
        close(room);
        throw error;
      }
      throw new Refusal("unavailable", { retryAfterMs: giveUp(room, error) });
    }
    setAside.clear(name);
    rooms.set(name, room);
    linger(room);
    return room;
  });

  const close = (room: Room): void => {
    room.close();
    rooms.delete(room.name);
    clearTimeout(lingering.get(room.name));
    lingering.delete(room.name);
    bus.unsubscribe(keys.channel(room.name)).catch((error: unknown) => {
      // A broken bus subscribes anew from its list of listeners, and this room is no longer on it.
      if (!(error instanceof Unavailable)) on.setAside(room.name, error);
    });
  };

  const linger = (room: Room): void => {
    clearTimeout(lingering.get(room.name));
    const end = setTimeout(() => {
      if (room.members === 0) close(room);
    }, LINGER_MS);
    lingering.set(room.name, end.unref());
  };

  return {
    /** The room, if it is in memory: joins need not wait then. */
    loaded: (name: string): Room | undefined => rooms.get(name),

    /** The room, subscribed and loaded, in single flight. @throws Refusal `no_such_room`, or an outage. */
    acquire: async (name: string): Promise<Room> => rooms.get(name) ?? open(name),

    enter: (room: Room): void => room.enter(),
    leave(room: Room): void {
      room.leave();
      if (room.members === 0) linger(room);
    },

    /** @param listener told, in the step in which a room's memory begins anew, up to where its members were told everything. */
    watchLost(listener: typeof tellMembers): void {
      tellMembers = listener;
    },

    /** @param listener told that PostgreSQL says a room in memory is closed. */
    watchClosed(listener: typeof onClosed): void {
      onClosed = listener;
    },

    /** Forgets a room that is closed; what its members were to hear goes out. */
    drop(name: string): void {
      const room = rooms.get(name);
      if (!room) return;
      room.flush();
      close(room);
    },

    /** What readers may see of what is in memory has changed. */
    redactAgain(): void {
      for (const room of rooms.values()) room.log.map(memory.redact);
    },

    get count(): number {
      return rooms.size;
    },
    /** Rooms that cannot be read just now. */
    get setAside(): number {
      return setAside.count;
    },
    all: (): IterableIterator<Room> => rooms.values(),
    markStale(): void {
      for (const room of rooms.values()) room.markStale();
    },
    /** Reads what was missed in every room up to now; resolves when all are whole. */
    resync: async (): Promise<void> => {
      await Promise.all([...rooms.values()].map((room) => room.resyncFresh()));
    },
    close(): void {
      for (const room of rooms.values()) close(room);
    },
  };
}
