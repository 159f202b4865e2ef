/**
 * Anti-entropy: finds out that rooms in memory have fallen behind Redis, and has them resynced. Compares heads, watches the
 * bus, and notices an event loop that stood still. Owns when a resync is due; how a room resyncs is live-room.ts', and how
 * the control log does is control-log.ts'.
 */
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import type { RedisKeys } from "../../shared/server/redis/keys.ts";
import type { RoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import type { Head } from "../../shared/server/redis/room-state.ts";
import type { ReportInternalError } from "../internal-errors.ts";
import type { Room } from "../room-log/live-room.ts";
import type { RoomFeed } from "../room-log/live-rooms.ts";
import type { Bus } from "../subscriber.ts";

type ComparedRoom = Pick<Room, "name" | "live" | "log" | "resync">;
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
  /** The bus is healthy, or has been broken for longer than a reconnect takes. */
  onBus: (healthy: boolean) => void;
  onInternalError: ReportInternalError;
};

/** An event loop that stood still for longer may have missed anything. */
const STALL_MS = 1_000;
/** A bus that is found broken so often in a row does not come back at once. */
const BROKEN_CHECKS = 2;

export function createReconciler(deps: ReconcilerDeps) {
  const { rooms, control, bus, scripts, keys, onBus, onInternalError } = deps;
  /** Heads as of the previous comparison: an event that is still on its way is no gap yet. */
  const heads = new Map<string, Head>();
  let brokenChecks = 0;

  bus.watch(
    () => rooms.markStale(),
    () => void resyncAll(),
  );

  return {
    /** Compares every room with its head in Redis, one script for each shard. @throws an outage. */
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

    /** Looks at the event loop and the bus. @param lateMs by how much this check came too late. */
    check(lateMs: number): void {
      if (lateMs > STALL_MS) {
        control.markStale();
        void resyncAll();
      }
      brokenChecks = bus.healthy ? 0 : brokenChecks + 1;
      onBus(brokenChecks < BROKEN_CHECKS);
      // Not waited for: rooms have to be compared also while the bus gives no sign of life.
      void bus.check();
    },

    /** The room's head in Redis as last seen; 0: not known. */
    headSeqOf: (room: string): number => heads.get(room)?.seq ?? 0,
  };

  /** Starts a resync where one is due. It takes as long as Redis needs, and nobody waits for it here. */
  function compare(room: ComparedRoom, head: Head | undefined): void {
    const before = heads.get(room.name);
    if (!head?.current) {
      void room.resync();
      return;
    }
    heads.set(room.name, head);
    const { epoch, seq } = room.log.position;
    // In a later epoch it lies above seqs that the one before may have lost: members are told of both at once.
    if (epoch === head.epoch) room.log.noteStored(head.stored);
    // An event that was in the log at the previous comparison and is not here yet was missed by the bus. While the bus is
    // broken it brings nothing at all.
    const due = bus.healthy ? before : head;
    const isBehind = due?.epoch === head.epoch && (epoch !== head.epoch || seq < due.seq);
    if (!room.live || isBehind) void room.resync();
  }

  /** Control first: a room must get nothing from somebody whose session ended meanwhile. */
  async function resyncAll(): Promise<void> {
    rooms.markStale();
    try {
      await control.resync();
      await rooms.resync();
    } catch (error) {
      // The next comparison comes back to it.
      if (!(error instanceof Unavailable)) onInternalError(error, "task", { task: "resync" });
    }
  }
}
