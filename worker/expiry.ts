/**
 * Takes what is past its retention out of Redis: the log of a room in which nobody speaks would keep it for ever. Once a day
 * over all rooms, some at a time; gateways hide it from the first moment of the day.
 */
import type { Database } from "../shared/server/postgres/deadline.ts";
import type { Log } from "../shared/server/process/logger.ts";
import { keptSince } from "../shared/server/process/retention.ts";
import type { RoomLogStore } from "../shared/server/redis/room-log-store.ts";
import { findRooms } from "./room-queries.ts";

type ExpiryDeps = {
  logs: Pick<RoomLogStore, "expire">;
  database: Database;
  limitMs: number;
  retentionDays: number;
  log: Log;
};

/** Rooms in one run, and entries of one that are looked at in one step: Redis is held for no longer. */
const ROOMS = 200;
const ENTRIES = 500;

/** @returns a task: looks at some rooms, and resolves with true when others wait; of the time, by a clock that no jump misleads. */
export function createExpiry({ logs, database, limitMs, retentionDays, log }: ExpiryDeps) {
  let done = 0;
  let after = 0;
  let left = 0;
  return async (now: number): Promise<boolean> => {
    const from = keptSince(now, retentionDays);
    if (from <= done) return false;
    const rooms = await database.use(limitMs, (sql) => findRooms(sql, after, ROOMS));
    const pending = await Promise.all(rooms.map(({ name }) => expireRoom(logs, name, from)));
    left += pending.filter(Boolean).length;
    after = rooms.at(-1)?.id ?? after;
    if (rooms.length === ROOMS) return true;
    log.info(
      { before: new Date(from).toISOString().slice(0, 10), left },
      "Redis holds nothing that is older",
    );
    // What PostgreSQL lacked is past its retention all the same, once it is stored: then all are looked at again.
    if (left === 0) done = from;
    after = 0;
    left = 0;
    return false;
  };
}

/** @returns whether something is left that is not stored yet. */
async function expireRoom(logs: ExpiryDeps["logs"], room: string, from: number): Promise<boolean> {
  for (;;) {
    const { trimmed, left } = await logs.expire(room, from, ENTRIES);
    if (!left || !trimmed) return left;
  }
}
