/**
 * Anti-entropy: finds rooms in memory that have fallen behind Redis, and resyncs them. Compares heads, watches the bus,
 * and notices a stalled event loop. Owns when a resync is due; live-room.ts owns how a room resyncs, control-log.ts how
 * the control log does.
 */
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import type { RedisKeys } from "../../shared/server/redis/keys.ts";
import type { RoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import type { Head } from "../../shared/server/redis/room-state.ts";
import type { ReportInternalError } from "../internal-errors.ts";
import type { Room } from "../room-log/live-room.ts";
import type { RoomFeed } from "../room-log/live-rooms.ts";
import type { Bus } from "../subscriber.ts";

type ComparedRoom = Pick<Room, "name" | "members" | "live" | "log" | "resync">;
export type ReconcilerDeps = {
  rooms: Pick<RoomFeed, "markStale" | "resync"> & {
    all: () => Iterable<ComparedRoom>;
    loaded: (name: string) => unknown;
  };
  /** The control log of this gateway. */
  control: { markStale: () => void; resync: () => Promise<void> };
  bus: Pick<Bus, "healthy" | "watch" | "check">;
  scripts: Pick<RoomLogStore, "heads">;
  keys: Pick<RedisKeys, "shardOf">;
  /** Called with whether the bus is healthy; false once it has been broken for longer than a reconnect takes. */
  onBus: (healthy: boolean) => void;
  /** Called with a room whose reactions wait to be appended, maybe because the gateway that gathered them died. */
  onGathered: (room: string) => void;
  onInternalError: ReportInternalError;
};

/** An event loop that stalled for longer may have missed any event. */
const STALL_MS = 1_000;
/** Without rooms, whose events could be missed, the bus is asked once in so many checks. */
const QUIET_CHECKS = 4;
/** A bus that is broken in this many checks in a row does not come back at once. */
const BROKEN_CHECKS = 2;

export function createReconciler(deps: ReconcilerDeps) {
  const { rooms, control, bus, scripts, keys, onBus, onGathered, onInternalError } = deps;
  /** Heads at the previous comparison, because an event that is still on its way is no gap yet. */
  const heads = new Map<string, Head>();
  let brokenChecks = 0;
  let checksSinceAsked = 0;

  bus.watch(
    () => rooms.markStale(),
    () => void resyncAll(),
  );

  return {
    /** Compares every room with its head in Redis, one script for each shard. @throws Unavailable. */
    async compareAll(): Promise<void> {
      for (const name of heads.keys()) if (!rooms.loaded(name)) heads.delete(name);
      const shards = Map.groupBy(rooms.all(), (room) => keys.shardOf(room.name));
      await Promise.all(
        [...shards.values()].map(async (group) => {
          const found = await scripts.heads(group.map((room) => room.name));
          for (const [index, room] of group.entries()) compare(room, found[index]);
        }),
      );
    },

    /** Checks the event loop and the bus. @param lateMs delay of this check, ms. */
    check(lateMs: number): void {
      if (lateMs > STALL_MS) {
        control.markStale();
        void resyncAll();
      }
      brokenChecks = bus.healthy ? 0 : brokenChecks + 1;
      onBus(brokenChecks < BROKEN_CHECKS);
      checksSinceAsked++;
      if (!hasRooms() && checksSinceAsked < QUIET_CHECKS) return;
      checksSinceAsked = 0;
      // Not awaited, because rooms have to be compared also while the bus is silent.
      void bus.check();
    },

    /** @returns the room's last known head in Redis; 0: not known. */
    headSeqOf: (room: string): number => heads.get(room)?.seq ?? 0,
  };

  function hasRooms(): boolean {
    for (const _room of rooms.all()) return true;
    return false;
  }

  /** Starts a resync where one is due, without waiting for it. */
  function compare(room: ComparedRoom, head: Head | undefined): void {
    const before = heads.get(room.name);
    // A room without members that left Redis comes back with the next member.
    if (head?.away && room.members === 0) return;
    if (!head?.current) {
      void room.resync();
      return;
    }
    heads.set(room.name, head);
    if (head.reacting && before?.reacting) onGathered(room.name);
    const { epoch, seq } = room.log.position;
    // The stored seq of a later epoch may cover seqs that this one lost, so the resync notes it together with that
    // epoch.
    if (epoch === head.epoch) room.log.noteStored(head.stored);
    // An event that was in the log at the previous comparison and is not here yet was missed by the bus. A broken bus
    // brings nothing at all, so then the current head counts.
    const due = bus.healthy ? before : head;
    const isBehind = due?.epoch === head.epoch && (epoch !== head.epoch || seq < due.seq);
    if (!room.live || isBehind) void room.resync();
  }

  /** The control log first, because a room must get nothing from a user whose session has ended. */
  async function resyncAll(): Promise<void> {
    rooms.markStale();
    try {
      await control.resync();
      await rooms.resync();
    } catch (error) {
      // The next comparison retries.
      if (!(error instanceof Unavailable)) onInternalError(error, "task", { task: "resync" });
    }
  }
}
