/**
 * The rooms that have members on this gateway: each subscribed once, loaded once, kept a little after the last one leaves.
 * Owns which rooms are in memory; live-room.ts owns how one of them stays complete.
 */
import { singleFlight } from "../../shared/server/process/single-flight.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import type { RedisKeys } from "../../shared/server/redis/keys.ts";
import type { LogBounds } from "../../shared/server/redis/room-state.ts";
import { Refusal } from "../errors.ts";
import type { Position } from "../events/event.ts";
import type { Bus } from "../subscriber.ts";
import { type ClosedCode, createRoom, type Room } from "./live-room.ts";
import type { LoadedRooms } from "./loaded-rooms.ts";
import type { LogReads } from "./log-reads.ts";
import type { KeptSince } from "./retention.ts";
import { createSetAside } from "./set-aside.ts";

/**
 * What the rooms of this gateway offer. Promises: what is published to the members of a room are its events, each once and in
 * order, from the position at which it was acquired; nothing newer is published before a gap is filled; and where a gap cannot
 * be filled, `watchLost` says so in the same synchronous step. A room answers from memory with everything after a position or
 * with nothing (`room.log.since`); older events come from history/.
 */
export type RoomFeed = {
  /** The room, subscribed and loaded, in single flight. @throws Refusal `no_such_room` or `unavailable`, or an outage. */
  acquire: (name: string) => Promise<Room>;
  /** The room, if it is in memory: then nobody has to wait. */
  loaded: (name: string) => Room | undefined;
  all: () => Iterable<Room>;
  /** How many are in memory, and how many cannot be read just now. */
  readonly count: number;
  readonly setAside: number;

  /** A member came, or went. A room without members is kept for a while. */
  enter: (room: Room) => void;
  leave: (room: Room) => void;

  /** Events may have been missed: nothing newer is published until the room was resynced. */
  markStale: () => void;
  /** Reads what was missed in every room up to now; resolves when all are complete. */
  resync: () => Promise<void>;
  /** Redacts what is in memory again, because another account was closed. */
  redactAgain: () => void;

  /** @param listener called in the step in which a room's memory begins anew, with the position up to which its members have everything. */
  watchLost: (listener: LostListener) => void;
  /** @param listener called when PostgreSQL says that a room in memory is closed. */
  watchClosed: (listener: ClosedListener) => void;
  /** Lets go of a room that is closed; what its members were to hear goes out. */
  drop: (name: string) => void;
  close: () => void;
};
type LostListener = (room: Room, from: Position) => void;
type ClosedListener = (room: string, code: ClosedCode) => void;

export type LiveRoomsDeps = {
  bus: Bus;
  logs: Pick<LogReads, "after" | "newest">;
  keys: RedisKeys;
  exists: (room: string) => Promise<boolean>;
  loaded: LoadedRooms;
  publish: (room: string, frame: Buffer) => void;
  memory: {
    bounds: LogBounds;
    /** Older events are told to nobody. */
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

/** An empty room stays subscribed for so long, because people who reload come back to a warm memory. */
const IDLE_TIMEOUT_MS = 30_000;

export function createLiveRooms(deps: LiveRoomsDeps): RoomFeed {
  const { bus, logs, keys, exists, publish, memory, on } = deps;
  const { rooms, whileJoining } = deps.loaded;
  const setAside = createSetAside();
  const idleTimers = new Map<string, NodeJS.Timeout>();
  let onLost: LostListener = () => undefined;
  let onClosed: ClosedListener = () => undefined;
  const open = singleFlight(openOnce);

  return {
    acquire: async (name) => rooms.get(name) ?? whileJoining(name, () => open(name)),
    loaded: (name) => rooms.get(name),
    all: () => rooms.values(),
    get count() {
      return rooms.size;
    },
    get setAside() {
      return setAside.count;
    },
    enter: (room) => room.enter(),
    leave(room) {
      room.leave();
      if (room.members === 0) closeWhenIdle(room);
    },
    markStale() {
      for (const room of rooms.values()) room.markStale();
    },
    async resync() {
      await Promise.all([...rooms.values()].map((room) => room.resyncFresh()));
    },
    redactAgain() {
      for (const room of rooms.values()) room.log.map(memory.redact);
    },
    watchLost(listener) {
      onLost = listener;
    },
    watchClosed(listener) {
      onClosed = listener;
    },
    drop(name) {
      const room = rooms.get(name);
      if (!room) return;
      room.flush();
      close(room);
    },
    close() {
      for (const room of rooms.values()) close(room);
    },
  };

  async function openOnce(name: string): Promise<Room> {
    const waitMs = setAside.waitMs(name);
    if (waitMs > 0) throw new Refusal("unavailable", { retryAfterMs: waitMs });
    if (!(await exists(name))) throw new Refusal("no_such_room");
    const room = create(name);
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
    closeWhenIdle(room);
    return room;
  }

  function create(name: string): Room {
    const { bounds, keptSince } = memory;
    const room = createRoom(name, {
      ...{ bounds, keptSince, onEvents: on.events },
      publish: (frame) => publish(name, frame),
      reads: { newest: () => logs.newest(name), after: (seq) => logs.after(name, seq) },
      onLost(from) {
        on.lost(name);
        onLost(room, from);
      },
      onUnreadable: (error) => void giveUp(room, error),
      onClosed: (code) => onClosed(name, code),
    });
    return room;
  }

  /** Its members hear no more of it here; others find it `unavailable` for a while. @returns for how long, ms. */
  function giveUp(room: Room, error: unknown): number {
    close(room);
    on.setAside(room.name, error);
    return setAside.add(room.name);
  }

  function close(room: Room): void {
    room.close();
    rooms.delete(room.name);
    clearTimeout(idleTimers.get(room.name));
    idleTimers.delete(room.name);
    bus.unsubscribe(keys.channel(room.name)).catch((error: unknown) => {
      // A broken bus subscribes anew from its list of listeners, and this room is no longer on it.
      if (!(error instanceof Unavailable)) on.setAside(room.name, error);
    });
  }

  function closeWhenIdle(room: Room): void {
    clearTimeout(idleTimers.get(room.name));
    const timer = setTimeout(() => {
      if (room.members === 0) close(room);
    }, IDLE_TIMEOUT_MS);
    idleTimers.set(room.name, timer.unref());
  }
}
