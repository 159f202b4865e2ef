/**
 * The presence frame: tells a room's members how many they are, the head of the log, and how much of it PostgreSQL has.
 * Owns when a frame is due; presence.ts owns the counts, the reconciler the heads.
 */
import { HEARTBEAT_MS, PRESENCE_IDLE_MS, PRESENCE_MS } from "../../shared/timeouts.ts";
import type { Presence } from "./presence.ts";

/** A room with members here, as this file needs it. */
export type CountedRoom = {
  name: string;
  members: number;
  log: { position: { seq: number }; stored: number };
};
export type PresenceBroadcastDeps = {
  rooms: { all: () => Iterable<CountedRoom>; loaded: (name: string) => unknown };
  presence: Pick<Presence, "count">;
  /** Last known head in Redis; 0: not known. */
  headSeqOf: (room: string) => number;
  publish: (room: string, frame: string) => void;
};

type Sent = { frame: string; at: number; people: number };

export function createPresenceBroadcast({ rooms, presence, headSeqOf, publish }: PresenceBroadcastDeps) {
  const lastSent = new Map<string, Sent>();

  return {
    /**
     * Sends each room's frame when it is due: every second while it changes, otherwise every five, and at once when
     * people are gone, because the lapse of a lease has used up most of the 3 s budget. Also during a Redis outage,
     * because the sockets stay.
     */
    send(): void {
      const now = performance.now();
      for (const room of rooms.all()) if (room.members > 0) sendIfDue(room, now);
      for (const name of lastSent.keys()) if (!rooms.loaded(name)) lastSent.delete(name);
    },
  };

  function sendIfDue({ name, log }: CountedRoom, now: number): void {
    const { people, connections } = presence.count(name) ?? { people: 0, connections: 0 };
    const head = Math.max(headSeqOf(name), log.position.seq);
    const frame = `{"type":"presence","room":"${name}","people":${people},"connections":${connections},"head":${head},"stored":${log.stored}}`;
    const last = lastSent.get(name);
    const intervalMs = last?.frame === frame ? PRESENCE_IDLE_MS : PRESENCE_MS;
    const isFewer = last !== undefined && people < last.people;
    if (last && !isFewer && now - last.at < intervalMs - HEARTBEAT_MS / 2) return;
    lastSent.set(name, { frame, at: now, people });
    publish(name, frame);
  }
}
