/** One room of a gateway over a log that a test writes in place of Redis. */
import { createRedisKeys } from "../../../shared/server/redis-keys.ts";
import type { LogEntry, RoomScripts, RoomState } from "../../../shared/server/room-scripts.ts";
import type { Bus } from "../../bus.ts";
import { createRooms } from "../../rooms.ts";

export const ROOM = "tea";
/** An event is a quarter of a kilobyte. */
const TEXT = "x".repeat(150);
const ALL = 100_000;

const entry = (epoch: string, seq: number): LogEntry => {
  const user = { id: "u1", nickname: "n" };
  const event = { type: "message", room: ROOM, seq, at: 1, user, clientId: `m${seq}`, text: TEXT };
  return { epoch, seq, bytes: Buffer.from(JSON.stringify(event)) };
};

type Reads = Pick<RoomScripts, "readNewest" | "readAfter">;
type Heard = Pick<Bus, "subscribe" | "unsubscribe">;
const SILENT: Heard = { subscribe: async () => undefined, unsubscribe: async () => undefined };

/** The rooms of a gateway that reads what a test says Redis holds. */
export const roomsOver = (
  scripts: Reads,
  {
    bus = SILENT,
    publish = (_: Buffer): void => undefined,
    logEvents = 50,
  }: { bus?: Heard; publish?: (frame: Buffer) => void; logEvents?: number } = {},
) =>
  createRooms({
    bus: bus as Bus,
    scripts: scripts as RoomScripts,
    keys: createRedisKeys("test", 1),
    exists: async () => true,
    restore: async () => undefined,
    publish: (_, frame) => publish(frame),
    readable: (event) => event,
    logEvents,
    keptSince: () => 0,
    onEvents: () => undefined,
    onLost: () => undefined,
    onSetAside: () => undefined,
    onClosed: () => undefined,
  });

/** @param publish gets what members are to hear. @param inMemory newest events that the gateway keeps. */
export function createLoggedRoom(publish: (frame: Buffer) => void, inMemory = ALL) {
  let entries: LogEntry[] = [];
  let state: RoomState = {
    current: true,
    epoch: "e1",
    seq: 0,
    stored: 0,
    floor: 1,
    prevEpoch: "",
    prevUpTo: 0,
    expired: 0,
  };
  let away = false;
  let reads = 0;
  const answer = (found: LogEntry[]) => {
    reads++;
    if (away) throw new Error("Connection is closed.");
    return { state, entries: found };
  };
  const scripts: Reads = {
    readNewest: async (_, most) => answer(entries.slice(-most)),
    readAfter: async (_, after, most) => answer(entries.filter(({ seq }) => seq > after).slice(0, most)),
  };
  let hear: (message: Buffer) => void = () => undefined;
  const bus: Heard = {
    async subscribe(_, listener) {
      hear = listener;
    },
    unsubscribe: async () => undefined,
  };
  const rooms = roomsOver(scripts, { bus, publish, logEvents: inMemory });
  const append = (seq: number): LogEntry => {
    const made = entry(state.epoch, seq);
    entries.push(made);
    state = { ...state, seq, stored: inMemory < ALL ? seq : 0 };
    return made;
  };

  return {
    rooms,
    head: () => state.seq,
    reads: () => reads,
    /** Says so many messages before anybody joins. */
    log(count: number): void {
      for (let seq = 1; seq <= count; seq++) append(seq);
    },
    /** Says one more, which the gateway hears. */
    say(): void {
      const { epoch, seq, bytes } = append(state.seq + 1);
      hear(Buffer.concat([Buffer.from(`${epoch} ${seq} `), bytes]));
    },
    /** Redis lost its run: the room goes on in another epoch from `seq` on. */
    async renew(epoch: string, seq: number): Promise<void> {
      state = { ...state, epoch, seq, prevEpoch: state.epoch, prevUpTo: state.seq };
      await rooms.heal();
    },
    /** Redis keeps only what is above `seq`. */
    trim(seq: number): void {
      entries = entries.filter((each) => each.seq > seq);
      state = { ...state, floor: seq + 1 };
    },
    loseRedis(): void {
      away = true;
    },
  };
}
