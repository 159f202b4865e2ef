/**
 * Carries events from the rooms' logs in Redis into PostgreSQL. The log above `stored` is the pending list: there is
 * no other state, so a worker may die anywhere, race another or start anew without losing or doubling a row.
 */

import type { Database } from "../shared/server/postgres/deadline.ts";
import type { Log } from "../shared/server/process/logger.ts";
import { Unavailable } from "../shared/server/process/unavailable.ts";
import type { RoomLogStore } from "../shared/server/redis/room-log-store.ts";
import type { Metrics } from "./metrics.ts";
import {
  BATCH_EVENTS,
  findPending,
  findRestored,
  type Pending,
  type RoomLogs,
  readBatch,
} from "./pending.ts";
import { writeBatch } from "./write-batch.ts";

export type ArchiveDeps = {
  logs: RoomLogs & Pick<RoomLogStore, "listOversized">;
  database: Database;
  /** A batch takes milliseconds; one that takes this long counts as an outage. */
  writeLimitMs: number;
  shards: number;
  /** Redis' clock in milliseconds: the one that stamps events. */
  now: () => Promise<number>;
  /** A batch is due when so many events wait, or the oldest of them for so long. */
  due: { events: number; ms: number };
  metrics: Metrics;
  log: Log;
};

/**
 * One look at the dirty lists, and one batch when enough is pending or the oldest event is old enough.
 * @returns true when at least another batch waits.
 */
export async function archiveWhenDue(deps: ArchiveDeps): Promise<boolean> {
  const [pending, now] = await Promise.all([look(deps), deps.now()]);
  const ageMs = pending.since === undefined ? 0 : Math.max(0, now - pending.since);
  deps.metrics.lagSeconds.set(ageMs / 1000);
  if (pending.events === 0 || (pending.events < deps.due.events && ageMs < deps.due.ms)) return false;
  const read = await archiveBatch(deps, pending);
  return read > 0 && pending.events - read >= BATCH_EVENTS;
}

/**
 * Writes what is pending now, before a worker leaves. What comes in meanwhile is not waited for.
 * @param withinMs no batch is begun later than this; the rest stays in Redis for the next worker.
 */
export async function archiveRest(deps: ArchiveDeps, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs;
  let pending = await look(deps);
  let left = pending.events;
  while (left > 0 && Date.now() < deadline) {
    const read = await archiveBatch(deps, pending);
    if (read === 0) return;
    left -= read;
    pending = await look(deps);
  }
}

/**
 * Trims the logs of rooms that were busy, since what they keep for those who come back grows old without anything to archive.
 * @returns false: there is nothing to go on with.
 */
export async function trimLong(
  deps: Pick<ArchiveDeps, "logs" | "shards" | "metrics" | "log">,
): Promise<false> {
  const { logs, shards } = deps;
  for (let shard = 0; shard < shards; shard++) {
    for (const room of await logs.listOversized(shard)) {
      try {
        // Nothing is told as stored: `stored` never falls.
        await logs.commit(room, 0);
      } catch (error) {
        if (error instanceof Unavailable) throw error;
        unreadable(deps, room, error);
      }
    }
  }
  return false;
}

/** A room whose log is broken harms no other. */
function unreadable(
  { metrics, log }: Pick<ArchiveDeps, "metrics" | "log">,
  room: string,
  err: unknown,
): void {
  metrics.internalErrors.inc({ where: "room" });
  log.error({ err, room }, "internal error: the log of a room cannot be read");
}

/** @returns how many events were read and are now rows or dead letters. */
async function archiveBatch(deps: ArchiveDeps, pending: Pending): Promise<number> {
  const { logs, database, metrics, log } = deps;
  const done = metrics.batchSeconds.startTimer();
  const batch = await readBatch(logs, pending, (room, error) => unreadable(deps, room, error));
  const { events, deadLetters, restored } = await database.use(deps.writeLimitMs, (sql) =>
    writeBatch(sql, batch, (epochs) => findRestored(logs, epochs)),
  );
  // Only what PostgreSQL has committed is told as stored. Dying before this line, the same batch is written again, in vain.
  const written = [...batch.upTo].filter(([room]) => !restored.has(room));
  await Promise.all(written.map(([room, seq]) => logs.commit(room, seq)));
  if (restored.size > 0)
    log.warn({ rooms: [...restored] }, "rooms were restored meanwhile and are read again");
  done();
  metrics.archived.inc(events);
  metrics.deadLetters.inc(deadLetters.length);
  for (const { room, seq, reason } of deadLetters)
    log.error({ room, seq, reason }, "event became a dead letter");
  return events + deadLetters.length;
}

async function look({ logs, shards, metrics }: ArchiveDeps): Promise<Pending> {
  const pending = await findPending(logs, shards);
  metrics.pendingEvents.set(pending.events);
  return pending;
}
