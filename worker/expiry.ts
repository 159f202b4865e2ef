/**
 * Removes events past their retention from Redis, because the log of a quiet room would keep them forever. Runs once a day over
 * all rooms, in pages. Does not hide events: gateways do so from the first moment of the day.
 */
import type { Database } from "../shared/server/postgres/database.ts";
import type { Log } from "../shared/server/process/logger.ts";
import { keptSince } from "../shared/server/process/retention.ts";
import type { RoomLogStore } from "../shared/server/redis/room-log-store.ts";
import { createRoomQueries } from "./room-queries.ts";

type ExpiryDeps = {
  logs: Pick<RoomLogStore, "expire">;
  database: Database;
  limitMs: number;
  retentionDays: number;
  log: Log;
};

/** Max rooms per run, and max entries per script call, so that no call blocks Redis for long. */
const ROOMS = 200;
const ENTRIES = 500;

/**
 * @returns a task that checks a page of rooms and resolves with true if others are left. Its parameter is the time in ms, by a
 * clock that is safe against jumps.
 */
export function createExpiry({ logs, database, limitMs, retentionDays, log }: ExpiryDeps) {
  let done = 0;
  let after = 0;
  let left = 0;
  return async (now: number): Promise<boolean> => {
    const from = keptSince(now, retentionDays);
    if (from <= done) return false;
    const rooms = await database.use(limitMs, (sql) => createRoomQueries(sql).findRooms(after, ROOMS));
    const pending = await Promise.all(rooms.map(({ name }) => expireRoom(logs, name, from)));
    left += pending.filter(Boolean).length;
    after = rooms.at(-1)?.id ?? after;
    if (rooms.length === ROOMS) return true;
    log.info(
      { before: new Date(from).toISOString().slice(0, 10), left },
      "Redis holds nothing that is older",
    );
    // Expired events that were not stored yet can be removed after that, so all rooms are checked again.
    if (left === 0) done = from;
    after = 0;
    left = 0;
    return false;
  };
}

/** @returns whether expired events are left that are not stored yet. */
async function expireRoom(logs: ExpiryDeps["logs"], room: string, from: number): Promise<boolean> {
  for (;;) {
    const { trimmed, left } = await logs.expire(room, from, ENTRIES);
    if (!left || !trimmed) return left;
  }
}
