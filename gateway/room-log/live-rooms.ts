/**
 * The rooms with members on this gateway: each subscribed once, loaded once, and unloaded a while after its last member
 * leaves. Owns which rooms are in memory; live-room.ts owns how one of them stays complete.
 */
import { singleFlight } from "../../shared/server/process/single-flight.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import type { RedisKeys } from "../../shared/server/redis/keys.ts";
import type { LogBounds } from "../../shared/server/redis/room-state.ts";
import { Refusal } from "../errors.ts";
import type { Position } from "../events/event.ts";
import type { Bus } from "../subscriber.ts";
import { createFanOutPace } from "./fan-out-pace.ts";
import { type ClosedCode, createRoom, type Room } from "./live-room.ts";
import type { LoadedRooms } from "./loaded-rooms.ts";
import type { LogReads } from "./log-reads.ts";
import type { KeptSince } from "./retention.ts";
import { createSetAside } from "./set-aside.ts";

/**
 * The rooms of this gateway. Promises: members of a room get its events, each once and in order, from the position at
 * which the room was acquired; nothing newer is published before a gap is filled; if a gap cannot be filled,
 * `watchLost` is called in the same synchronous step. A room answers from memory with everything after a position or
 * with nothing (`room.log.since`); older events come from history/.
 */
export type RoomFeed = {
  /**
   * @returns the room, subscribed and loaded, in single flight.
   * @throws Refusal `no_such_room` or `unavailable`; Unavailable.
   */
  acquire: (name: string) => Promise<Room>;
  /** @returns the room if it is in memory, without a wait. */
  loaded: (name: string) => Room | undefined;
  all: () => Iterable<Room>;
  /** How many are in memory, and how many cannot be read at the moment. */
  readonly count: number;
  readonly setAside: number;

  /** Counts a member in, or out. A room without members is unloaded after a while. */
  enter: (room: Room) => void;
  leave: (room: Room) => void;

  /** Events may have been missed: nothing newer is published until the room was resynced. */
  markStale: () => void;
  /** Reads the missed events of every room; resolves when all are complete. */
  resync: () => Promise<void>;
  /** Redacts the events in memory again after another account was closed. */
  redactAgain: () => void;

  /**
   * @param listener called in the step in which a room's memory starts over, with the position up to which its members
   * have everything.
   */
  watchLost: (listener: LostListener) => void;
  /** @param listener called when a room in memory is closed by PostgreSQL. */
  watchClosed: (listener: ClosedListener) => void;
  /** Unloads a closed room, after publishing held-back events. */
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
    /** Events from before this moment are past their retention. */
    keptSince: KeptSince;
    /** Makes an old event fit for readers. */
    redact: (event: Buffer) => Buffer;
  };
  on: {
    events: (count: number) => void;
    /** A room's memory starts over beyond a gap. */
    lost: (room: string) => void;
    /** A room's log cannot be read: its members are disconnected, and reconnect. */
    setAside: (room: string, error: unknown) => void;
  };
};

/** An empty room stays subscribed for this long, so that people who reload find it in memory. */
const IDLE_TIMEOUT_MS = 30_000;

export function createLiveRooms(deps: LiveRoomsDeps): RoomFeed {
  const { bus, logs, keys, exists, publish, memory, on } = deps;
  const { rooms, whileJoining } = deps.loaded;
  const setAside = createSetAside();
  const pace = createFanOutPace();
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
      out: { pace, publish: (frame) => publish(name, frame) },
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

  /** Unloads the room and sets it aside: joins are answered `unavailable` for a while. @returns for how long, ms. */
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
      // A broken bus will not subscribe the channel again, because this room is no longer on its list.
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
