/** Trims logs that are long because their rooms were busy; archive.ts trims those that get new events. */
import type { Log } from "../shared/server/process/logger.ts";
import { Unavailable } from "../shared/server/process/unavailable.ts";
import type { RoomLogStore } from "../shared/server/redis/room-log-store.ts";
import type { Metrics } from "./metrics.ts";

type Reports = { metrics: Pick<Metrics, "internalErrors">; log: Log };
type LongLogsDeps = Reports & { logs: Pick<RoomLogStore, "listOversized" | "commit">; shards: number };

/**
 * Trims the logs of rooms that were busy, because the entries that they keep for resuming clients expire even if no batch is due.
 * @returns false, because one run trims all of them.
 */
export async function trimLong(deps: LongLogsDeps): Promise<false> {
  const { logs, shards } = deps;
  for (let shard = 0; shard < shards; shard++) {
    for (const room of await logs.listOversized(shard)) {
      try {
        // With 0 this only trims, because `stored` never falls.
        await logs.commit(room, 0);
      } catch (error) {
        if (error instanceof Unavailable) throw error;
        noteUnreadable(deps, room, error);
      }
    }
  }
  return false;
}

/** Counts and logs a room whose log cannot be read; the other rooms go on. */
export function noteUnreadable({ metrics, log }: Reports, room: string, err: unknown): void {
  metrics.internalErrors.inc({ where: "room" });
  log.error({ err, room }, "internal error: the log of a room cannot be read");
}
