/**
 * Copies events from the rooms' logs in Redis to PostgreSQL. The entries above `stored` are the pending ones, and there is no
 * other state, so a worker may crash, race another one or restart at any point without losing or duplicating a row.
 */

import type { Database } from "../shared/server/postgres/database.ts";
import type { Log } from "../shared/server/process/logger.ts";
import type { RoomLogStore } from "../shared/server/redis/room-log-store.ts";
import { noteUnreadable } from "./long-logs.ts";
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
  /** Redis' clock in ms since the epoch, because it stamps the events. */
  now: () => Promise<number>;
  /** A batch is due when `events` are pending, the oldest one has been for `ms`, or one of these rooms cannot wait. */
  due: { events: number; ms: number; soon?: (rooms: Pending["rooms"]) => Promise<boolean> };
  metrics: Metrics;
  log: Log;
};

/**
 * Polls the dirty lists once, and archives a batch if one is due.
 * @returns `more` if at least one more batch is pending. `found`: whether anything was pending.
 */
export async function archiveWhenDue(deps: ArchiveDeps): Promise<{ more: boolean; found: boolean }> {
  const pending = await poll(deps);
  const ageMs = pending.since === undefined ? 0 : Math.max(0, (await deps.now()) - pending.since);
  deps.metrics.lagSeconds.set(ageMs / 1000);
  const found = pending.events > 0;
  const isDue = pending.events >= deps.due.events || ageMs >= deps.due.ms;
  if (!found || !(isDue || (await deps.due.soon?.(pending.rooms)))) return { more: false, found };
  const read = await archiveBatch(deps, pending);
  return { more: read > 0 && pending.events - read >= BATCH_EVENTS, found };
}

/**
 * Archives the events that are pending when a worker stops. Does not wait for events that arrive meanwhile.
 * @param withinMs no batch starts later than this; the rest stays in Redis for the next worker.
 */
export async function archiveRest(deps: ArchiveDeps, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs;
  let pending = await poll(deps);
  let left = pending.events;
  while (left > 0 && Date.now() < deadline) {
    const read = await archiveBatch(deps, pending);
    if (read === 0) return;
    left -= read;
    pending = await poll(deps);
  }
}

/** @returns the number of events that are now rows or dead letters. */
async function archiveBatch(deps: ArchiveDeps, pending: Pending): Promise<number> {
  const { logs, database, metrics, log } = deps;
  const done = metrics.batchSeconds.startTimer();
  const batch = await readBatch(logs, pending, (room, error) => noteUnreadable(deps, room, error));
  const { events, deadLetters, restored } = await database.use(deps.writeLimitMs, (sql) =>
    writeBatch(sql, batch, (epochs) => findRestored(logs, epochs)),
  );
  // Only after PostgreSQL's commit. A worker that crashes before this line writes the same batch again, which changes nothing.
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

async function poll({ logs, shards, metrics }: ArchiveDeps): Promise<Pending> {
  const pending = await findPending(logs, shards);
  metrics.pendingEvents.set(pending.events);
  return pending;
}
