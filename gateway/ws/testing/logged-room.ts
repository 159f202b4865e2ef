/** One room of a gateway over a log that a test writes instead of Redis and PostgreSQL. */

import type { ArchivedEvent } from "../../../shared/server/events/archived-event.ts";
import { Unavailable } from "../../../shared/server/process/unavailable.ts";
import { createRedisKeys } from "../../../shared/server/redis/keys.ts";
import type { RoomLogStore } from "../../../shared/server/redis/room-log-store.ts";
import type { LogEntry, RoomState } from "../../../shared/server/redis/room-state.ts";
import { targetOf, tombstoneOf } from "../../events/tombstone.ts";
import { type BacklogDeps, createBacklog } from "../../history/backlog.ts";
import { createLiveRooms } from "../../room-log/live-rooms.ts";
import { createLoadedRooms } from "../../room-log/loaded-rooms.ts";
import { createLogReads } from "../../room-log/log-reads.ts";
import type { Bus } from "../../subscriber.ts";

export const ROOM = "tea";
/** An event is a quarter of a kilobyte. */
const TEXT = "x".repeat(150);
const ALL = 100_000;

type Event = Record<string, unknown> & { type: string };

const entry = (epoch: string, seq: number, event: Event): LogEntry => {
  const { type, ...rest } = event;
  return { epoch, seq, bytes: Buffer.from(JSON.stringify({ type, room: ROOM, seq, at: 1, ...rest })) };
};
const message = (seq: number): Event => ({
  type: "message",
  user: { id: "u1", nickname: "n" },
  clientId: `m${seq}`,
  text: TEXT,
});

const rowOf = ({ bytes }: LogEntry): ArchivedEvent => {
  const {
    type: kind,
    seq,
    at,
    user,
    clientId,
    text = null,
    deleted = false,
    ...rest
  } = JSON.parse(`${bytes}`);
  const said = { userId: user?.id ?? null, nickname: user?.nickname ?? null, clientId, text, deleted };
  const { room: _, ...data } = rest;
  return { kind, seq, at, ...said, data: kind === "message" ? null : { ...data, clientId } };
};

type Reads = Pick<RoomLogStore, "readNewest" | "readAfter" | "readBefore">;
type Archive = Pick<BacklogDeps, "archive" | "deletedSeqs">;
type Heard = Pick<Bus, "subscribe" | "unsubscribe">;
const EMPTY: Archive = {
  archive: { archived: async () => [], archivedAfter: async () => [] },
  deletedSeqs: async () => new Set(),
};
const SILENT: Heard = { subscribe: async () => undefined, unsubscribe: async () => undefined };

/** The first epoch of a room, before any event. */
export const EMPTY_ROOM: RoomState = {
  current: true,
  away: false,
  epoch: "e1",
  seq: 0,
  stored: 0,
  floor: 1,
  base: 0,
  prevEpoch: "",
  prevUpTo: 0,
  expired: 0,
};

/** The rooms of a gateway whose Redis and PostgreSQL are played by a test; PostgreSQL has the older events. */
export function roomsOver(
  scripts: Reads,
  {
    bus = SILENT,
    publish = (_: Buffer): void => undefined,
    logEvents = 50,
    archive = EMPTY,
    max = 10_000,
  }: {
    bus?: Heard;
    publish?: (frame: Buffer) => void;
    logEvents?: number;
    archive?: Archive;
    max?: number;
  } = {},
) {
  const redact = <E>(event: E): E => event;
  const bounds = { events: logEvents, ms: 0, bytes: 64 << 20 };
  const keptSince = (): number => 0;
  const logs = createLogReads({
    scripts: { ...scripts, deletedSeqs: archive.deletedSeqs },
    recover: async () => undefined,
    ...{ redact, bounds, keptSince },
  });
  const rooms = createLiveRooms({
    bus: bus as Bus,
    logs,
    keys: createRedisKeys("test", 1),
    exists: async () => true,
    publish: (_, frame) => publish(frame),
    loaded: createLoadedRooms(),
    memory: { redact, bounds, keptSince },
    on: { events: () => undefined, lost: () => undefined, setAside: () => undefined },
  });
  return { rooms, backlog: createBacklog({ logs, ...archive, redact, maxEvents: max }) };
}

type Options = {
  /** Newest events in the gateway's memory. */
  inMemory?: number;
  /** Max older events of one read of PostgreSQL. */
  max?: number;
  /** Awaited by a read before it looks at Redis or PostgreSQL. */
  pause?: () => Promise<void>;
  /** Awaited by a read before it answers. */
  delay?: () => Promise<void>;
};

/** @param publish gets the frames for members. */
export function createLoggedRoom(
  publish: (frame: Buffer) => void,
  {
    inMemory = ALL,
    max = 10_000,
    pause = async () => undefined,
    delay = async () => undefined,
  }: Options = {},
) {
  /** Every event ever logged, with the text of messages that were deleted later. */
  const said: LogEntry[] = [];
  /** The seq of the deletion by the seq of the deleted message. */
  const deletions = new Map<number, number>();
  let goneUpTo = 0;
  let state = EMPTY_ROOM;
  const away = { redis: false, postgres: false };
  let reads = 0;

  const inRedis = (keep: (entry: LogEntry) => boolean): LogEntry[] =>
    said
      .filter((each) => each.seq >= state.floor && keep(each))
      .map((each) => (deletions.has(each.seq) ? { ...each, bytes: tombstoneOf(each.bytes) } : each));
  const answer = async (find: () => LogEntry[]) => {
    reads++;
    await pause();
    if (away.redis) throw new Unavailable("Redis is away");
    const found = { state, entries: find() };
    await delay();
    return found;
  };
  const scripts: Reads = {
    readNewest: (_, count) => answer(() => inRedis(() => true).slice(-count)),
    readAfter: (_, after, count) => answer(() => inRedis(({ seq }) => seq > after).slice(0, count)),
    readBefore: (_, below, count) => answer(() => inRedis(({ seq }) => seq < below).slice(-count)),
  };
  const rows = async (find: (all: LogEntry[]) => LogEntry[]): Promise<ArchivedEvent[]> => {
    await pause();
    if (away.postgres) throw new Unavailable("PostgreSQL is away");
    const stored = find(said.filter(({ seq }) => seq > goneUpTo && seq <= state.stored));
    const isBlank = (seq: number): boolean => (deletions.get(seq) ?? ALL) <= state.stored;
    const found = stored
      .map(rowOf)
      .map((row) => (isBlank(row.seq) ? { ...row, text: null, deleted: true } : row));
    await delay();
    return found;
  };
  const archive: Archive = {
    archive: {
      archived: (_, below, count) =>
        rows((all) => all.filter(({ seq }) => seq < below).slice(-count)).then((found) => found.reverse()),
      archivedAfter: (_, after, count) => rows((all) => all.filter(({ seq }) => seq > after).slice(0, count)),
    },
    deletedSeqs: async () => {
      await pause();
      const due = [...deletions].filter(([target, seq]) => target >= state.floor || seq > state.stored);
      return new Set(due.map(([target]) => target));
    },
  };
  let hear: (message: Buffer) => void = () => undefined;
  const bus: Heard = {
    async subscribe(_, listener) {
      hear = listener;
    },
    unsubscribe: async () => undefined,
  };
  const { rooms, backlog } = roomsOver(scripts, { bus, publish, logEvents: inMemory, archive, max });
  const append = (event: Event, seq = state.seq + 1): LogEntry => {
    const made = entry(state.epoch, seq, event);
    said.push(made);
    const target = targetOf(made.bytes);
    if (target !== undefined) deletions.set(target, seq);
    state = { ...state, seq, stored: inMemory < ALL ? seq : 0 };
    return made;
  };
  const tell = (event: Event): void => {
    const { epoch, seq, bytes } = append(event);
    hear(Buffer.concat([Buffer.from(`${epoch} ${seq} `), bytes]));
  };

  return {
    rooms,
    backlog,
    said: (): LogEntry[] => said,
    deleted: (): ReadonlyMap<number, number> => deletions,
    head: () => state.seq,
    state: () => state,
    reads: () => reads,
    /** Logs `count` messages before anybody joins. */
    log(count: number): void {
      for (let seq = 1; seq <= count; seq++) append(message(seq));
    },
    /** Logs one more message and publishes it to the gateway. */
    say: (): void => tell(message(state.seq + 1)),
    /** Logs one more message that the gateway does not get. */
    mumble: (): void => void append(message(state.seq + 1)),
    remove: (target: number): void => tell({ type: "deleted", target, by: "u1", clientId: `d${target}` }),
    /** A restarted Redis: the room goes on in another epoch from `seq` on. */
    async renew(epoch: string, seq: number): Promise<void> {
      state = { ...state, epoch, seq, base: seq, prevEpoch: state.epoch, prevUpTo: state.seq };
      await rooms.resync();
    },
    /** PostgreSQL gets all events up to `seq`. */
    store(seq: number): void {
      state = { ...state, stored: seq };
    },
    /** Redis drops the events up to `seq`; with `isGone` PostgreSQL drops them too. */
    trim(seq: number, { isGone = false } = {}): void {
      if (isGone) goneUpTo = seq;
      state = { ...state, floor: seq + 1 };
    },
    loseRedis(): void {
      away.redis = true;
    },
    losePostgres(): void {
      away.postgres = true;
    },
  };
}
