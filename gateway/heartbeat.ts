/**
 * The beat of a gateway: twice a second it renews its leases and compares every room with its head in Redis, so that even
 * a bus that went silent without breaking is found out, and a room whose bus does not come back is read from its log;
 * once a second it tells each room's members how things stand.
 */
import { isOutage } from "../shared/server/process/unavailable.ts";
import type { RedisKeys } from "../shared/server/redis/keys.ts";
import type { Head, RoomScripts } from "../shared/server/redis/room-log-store.ts";
import { BEAT_MS, PRESENCE_IDLE_MS, PRESENCE_MS } from "../shared/timeouts.ts";
import type { Control } from "./control/control-log.ts";
import type { ReportInternalError } from "./internal-errors.ts";
import type { ConnectionRecords } from "./presence/connection-records.ts";
import type { Presence } from "./presence/presence.ts";
import type { Room } from "./room-log/live-room.ts";
import type { Rooms } from "./room-log/live-rooms.ts";
import type { Bus } from "./subscriber.ts";

type PulsedRoom = Pick<Room, "name" | "members" | "live" | "log" | "heal">;
export type PulseDeps = {
  rooms: Pick<Rooms, "distrust" | "heal"> & {
    all: () => Iterable<PulsedRoom>;
    loaded: (name: string) => PulsedRoom | undefined;
  };
  presence: Pick<Presence, "tick" | "count">;
  control: Pick<Control, "distrust" | "heal" | "check">;
  bus: Pick<Bus, "whole" | "watch" | "check">;
  records: Pick<ConnectionRecords, "flush">;
  scripts: Pick<RoomScripts, "heads">;
  keys: Pick<RedisKeys, "shardOf">;
  publish: (room: string, frame: string) => void;
  /** Redis answered, or did not: what readiness says. */
  onRedis: (answers: boolean) => void;
  /** The bus is whole, or broken for longer than a reconnect takes: what readiness says too. */
  onBus: (whole: boolean) => void;
  onInternalError: ReportInternalError;
};

/** An event loop that was away for longer may have missed anything. */
const STALL_MS = 1_000;
/** A bus found broken so often in a row does not come back at once. */
const BROKEN_BEATS = 2;

type Shown = { text: string; at: number; people: number };

export function createPulse({
  rooms,
  presence,
  control,
  bus,
  records,
  scripts,
  keys,
  publish,
  onRedis,
  onBus,
  onInternalError,
}: PulseDeps) {
  /** Heads as of the previous beat: an event on its way is no hole yet. */
  const heads = new Map<string, Head>();
  const shown = new Map<string, Shown>();
  let beatAt = performance.now();
  let beating = false;
  let brokenBeats = 0;

  /** Starts a heal where one is due; it takes as long as Redis needs, and the beat goes on. */
  const compare = (room: PulsedRoom, head: Head | null): void => {
    const before = heads.get(room.name);
    if (!head?.current) {
      void room.heal();
      return;
    }
    heads.set(room.name, head);
    const { epoch, seq } = room.log.position;
    // In a later epoch it lies above seqs that the one before may have lost: members are told of both at once.
    if (epoch === head.epoch) room.log.noteStored(head.stored);
    // What was in the log a beat ago and is not here yet, the bus will not bring any more; a broken one brings nothing.
    const due = bus.whole ? before : head;
    const missed = due?.epoch === head.epoch && (epoch !== head.epoch || seq < due.seq);
    if (!room.live || missed) void room.heal();
  };

  const compareAll = async (): Promise<void> => {
    const shards = Map.groupBy(rooms.all(), (room) => keys.shardOf(room.name));
    await Promise.all(
      [...shards.values()].map(async (group) => {
        const found = await scripts.heads(group.map((room) => room.name));
        for (const [index, room] of group.entries()) compare(room, found[index] ?? null);
      }),
    );
  };

  /** Control first: a room must not be told anything on behalf of somebody who was shut out meanwhile. */
  const healAll = async (): Promise<void> => {
    rooms.distrust();
    await control.heal();
    await rooms.heal();
  };

  /**
   * Every second while anything in it changed, else every five: also when Redis is away, since the sockets stay. That
   * people are gone is told at once: by the time that a lease has lapsed, most of the 3 s are over.
   */
  const show = (): void => {
    const now = performance.now();
    for (const room of rooms.all()) {
      if (room.members === 0) continue;
      const { people, connections } = presence.count(room.name) ?? { people: 0, connections: 0 };
      const head = Math.max(heads.get(room.name)?.seq ?? 0, room.log.position.seq);
      const text = `{"type":"presence","room":"${room.name}","people":${people},"connections":${connections},"head":${head},"stored":${room.log.stored}}`;
      const last = shown.get(room.name);
      const due = last?.text === text ? PRESENCE_IDLE_MS : PRESENCE_MS;
      const fewer = last !== undefined && people < last.people;
      if (last && !fewer && now - last.at < due - BEAT_MS / 2) continue;
      shown.set(room.name, { text, at: now, people });
      publish(room.name, text);
    }
    for (const name of shown.keys()) if (!rooms.loaded(name)) shown.delete(name);
    for (const name of heads.keys()) if (!rooms.loaded(name)) heads.delete(name);
  };

  /** A task that fails is tried again with the next beat. @returns whether Redis and PostgreSQL let it be done. */
  const attempt = async (task: string, work: () => Promise<void>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (error) {
      if (isOutage(error)) return false;
      onInternalError(error, "task", { task });
      return true;
    }
  };

  const beat = async (): Promise<void> => {
    const late = performance.now() - beatAt - BEAT_MS;
    beatAt = performance.now();
    if (late > STALL_MS) {
      control.distrust();
      void attempt("heal", healAll);
    }
    brokenBeats = bus.whole ? 0 : brokenBeats + 1;
    onBus(brokenBeats < BROKEN_BEATS);
    // Not part of the beat: a bus that is silent is waited for, and the rooms must be compared meanwhile.
    void bus.check();
    if (beating) return show();
    beating = true;
    const answers = await Promise.all([
      attempt("presence", () => presence.tick()),
      attempt("compare", compareAll),
      attempt("control", () => control.check()),
      attempt("records", () => records.flush()),
    ]);
    beating = false;
    show();
    onRedis(answers.every(Boolean));
  };

  bus.watch(
    () => rooms.distrust(),
    () => void attempt("heal", healAll),
  );
  const timer = setInterval(() => void beat(), BEAT_MS);
  return { close: () => clearInterval(timer) };
}
