/** The rooms that have members on this gateway: each subscribed once, loaded once, kept a little after the last leaves. */
import { isOutage } from "../shared/server/faults.ts";
import type { RedisKeys } from "../shared/server/redis-keys.ts";
import type { RoomScripts } from "../shared/server/room-scripts.ts";
import type { Bus } from "./bus.ts";
import { checkedEvent } from "./bus-message.ts";
import type { ClosedCode } from "./evictions.ts";
import { Refused } from "./refused.ts";
import { type KeptSince, withoutExpired } from "./retention.ts";
import { createRoom, type Room, type RoomRead } from "./room.ts";
import type { LoggedEvent } from "./room-log.ts";
import { createSetAside } from "./set-aside.ts";
import { withDeletions } from "./tombstone.ts";

export type RoomsDeps = {
  bus: Bus;
  scripts: RoomScripts;
  keys: RedisKeys;
  exists: (room: string) => Promise<boolean>;
  restore: (room: string) => Promise<void>;
  publish: (room: string, frame: Buffer) => void;
  /** What readers may see of an event that was said earlier. */
  readable: (event: Buffer) => Buffer;
  logEvents: number;
  /** What is older is told by nobody. */
  keptSince: KeptSince;
  onEvents: (count: number) => void;
  onLost: (room: string) => void;
  /** A room's log cannot be read: its members are sent away, and come back. */
  onSetAside: (room: string, error: unknown) => void;
  /** PostgreSQL says that the room is closed. */
  onClosed: (room: string, code: ClosedCode) => void;
};
export type Rooms = ReturnType<typeof createRooms>;

/** An empty room stays subscribed this long: people who reload come back to a warm memory. */
const LINGER_MS = 30_000;
/** Some fifty thousand short messages. */
const LOG_BYTES = 8 << 20;
const PAGE = 2_000;
const TRIES = 3;

const bytesOf = (events: readonly LoggedEvent[]): number =>
  events.reduce((sum, { bytes }) => sum + bytes.length, 0);

export function createRooms({
  bus,
  scripts,
  keys,
  exists,
  restore,
  publish,
  readable,
  logEvents,
  keptSince,
  onEvents,
  onLost,
  onSetAside,
  onClosed,
}: RoomsDeps) {
  const setAside = createSetAside();
  const rooms = new Map<string, Room>();
  const loading = new Map<string, Promise<Room>>();
  const lingering = new Map<string, NodeJS.Timeout>();

  /** Reads, after a restore where Redis lost the room or was restarted. */
  const current = async (room: string, read: () => Promise<RoomRead | null>): Promise<RoomRead> => {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const found = await read();
      if (found?.state.current) {
        const entries = found.entries.map((entry) => ({
          ...entry,
          bytes: readable(checkedEvent(entry.bytes, room)),
        }));
        return { ...found, entries };
      }
      await restore(room);
    }
    throw new Error(`LOADING: room ${room} could not be restored`);
  };

  const kept = <R extends RoomRead>(read: R): R => withoutExpired(read, keptSince());

  /** Everything above a seq, or the first of it: no further page once there is so much. `more`: it may not be all. */
  const readAfter = async (
    room: string,
    seq: number,
    enoughBytes = Number.POSITIVE_INFINITY,
  ): Promise<RoomRead & { more: boolean }> => {
    const first = await current(room, () => scripts.readAfter(room, seq, PAGE));
    let page = first;
    const entries = [...first.entries];
    let bytes = bytesOf(first.entries);
    // Tombstones stand beside the entries that a page counts.
    while (page.entries.length >= PAGE && bytes < enoughBytes) {
      const last = entries.at(-1)?.seq ?? seq;
      page = await current(room, () => scripts.readAfter(room, last, PAGE));
      const trimmed = page.state.floor > last + 1;
      if (trimmed || page.state.epoch !== first.state.epoch) return readAfter(room, seq, enoughBytes);
      entries.push(...page.entries);
      bytes += bytesOf(page.entries);
    }
    const more = page.entries.length >= PAGE;
    if (page === first) return kept({ ...first, more });
    const state = { ...page.state, floor: first.state.floor };
    return kept({ state, entries: withDeletions(entries), more });
  };

  /** The newest, and beyond them everything that PostgreSQL does not have yet. */
  const readNewest = async (room: string): Promise<RoomRead> => {
    const newest = await current(room, () => scripts.readNewest(room, logEvents));
    const { stored, floor } = newest.state;
    const reachesStored = newest.entries.length < logEvents || (newest.entries[0]?.seq ?? 0) <= stored + 1;
    return reachesStored ? kept(newest) : readAfter(room, Math.max(stored, floor - 1));
  };

  /** Its members hear no more of it here; others find it `unavailable` for a while. */
  const giveUp = (room: Room, error: unknown): number => {
    close(room);
    onSetAside(room.name, error);
    return setAside.add(room.name);
  };

  const open = async (name: string): Promise<Room> => {
    const waitMs = setAside.waitMs(name);
    if (waitMs > 0) throw new Refused("unavailable", waitMs);
    if (!(await exists(name))) throw new Refused("no_such_room");
    const room = createRoom(name, {
      logEvents,
      logBytes: LOG_BYTES,
      keptSince,
      publish: (frame) => publish(name, frame),
      readNewest: () => readNewest(name),
      readAfter: (seq) => readAfter(name, seq),
      onEvents,
      onLost: () => onLost(name),
      onUnreadable: (error) => void giveUp(room, error),
      onClosed: (code) => onClosed(name, code),
    });
    try {
      await bus.subscribe(keys.channel(name), room.onBus);
      await room.load();
    } catch (error) {
      if (isOutage(error) || error instanceof Refused) {
        close(room);
        throw error;
      }
      throw new Refused("unavailable", giveUp(room, error));
    }
    setAside.clear(name);
    rooms.set(name, room);
    linger(room);
    return room;
  };

  const close = (room: Room): void => {
    room.close();
    rooms.delete(room.name);
    clearTimeout(lingering.get(room.name));
    lingering.delete(room.name);
    bus.unsubscribe(keys.channel(room.name)).catch((error: unknown) => {
      // A broken bus subscribes anew from its list of listeners, and this room is no longer on it.
      if (!isOutage(error)) onSetAside(room.name, error);
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

    /** The room, subscribed and loaded, in single flight. @throws Refused `no_such_room`, or an outage. */
    async acquire(name: string): Promise<Room> {
      const room = rooms.get(name);
      if (room) return room;
      let flight = loading.get(name);
      if (!flight) {
        flight = open(name).finally(() => loading.delete(name));
        loading.set(name, flight);
      }
      return flight;
    },

    enter: (room: Room): void => room.enter(),
    leave(room: Room): void {
      room.leave();
      if (room.members === 0) linger(room);
    },

    /** What is above a seq, from Redis: for a client that was away longer than memory reaches. */
    readAfter,

    /** What the log in Redis holds below a seq, the newest first to be kept, in order. */
    async readBefore(name: string, below: number, most: number): Promise<LoggedEvent[]> {
      const read = await current(name, () => scripts.readBefore(name, below, most));
      return kept(read).entries.slice(-most);
    },

    /** Forgets a room that is closed; what its members were to hear goes out. */
    drop(name: string): void {
      const room = rooms.get(name);
      if (!room) return;
      room.flush();
      close(room);
    },

    /** What readers may see of what is in memory has changed. */
    reread(): void {
      for (const room of rooms.values()) room.log.rewrite(readable);
    },

    get count(): number {
      return rooms.size;
    },
    /** Rooms that cannot be read just now. */
    get setAside(): number {
      return setAside.count;
    },
    all: (): IterableIterator<Room> => rooms.values(),
    distrust(): void {
      for (const room of rooms.values()) room.distrust();
    },
    /** Reads what was missed in every room up to now; resolves when all are whole. */
    heal: async (): Promise<void> => {
      await Promise.all([...rooms.values()].map((room) => room.healAnew()));
    },
    close(): void {
      for (const room of rooms.values()) close(room);
    },
  };
}
