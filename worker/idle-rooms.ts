/**
 * Lets rooms leave Redis in which nothing happened for a while, so that Redis holds only rooms that are alive. Checks all rooms, in
 * pages. Gateways bring a room back when somebody comes.
 */
import type { Database } from "../shared/server/postgres/database.ts";
import type { Log } from "../shared/server/process/logger.ts";
import type { IdleRoomStore } from "../shared/server/redis/idle-room-store.ts";
import { createRoomQueries } from "./room-queries.ts";

export type IdleRoomsDeps = {
  store: Pick<IdleRoomStore, "findIdle" | "leave">;
  database: Pick<Database, "use">;
  limitMs: number;
  idleMs: number;
  /** Redis' clock in ms since the epoch, because it stamps the events. */
  now: () => Promise<number>;
  log: Log;
};

/** Max rooms per run, so that no run blocks Redis for long. */
const ROOMS = 500;

/** @returns a task that checks a page of rooms and resolves with true if others are left. */
export function createIdleRooms({ store, database, limitMs, idleMs, now, log }: IdleRoomsDeps) {
  let after = 0;
  let left = 0;
  return async (): Promise<boolean> => {
    const before = (await now()) - idleMs;
    const rooms = await database.use(limitMs, (sql) => createRoomQueries(sql).findRooms(after, ROOMS));
    const idle = await store.findIdle(
      rooms.map(({ name }) => name),
      before,
    );
    const gone = await Promise.all(idle.map(({ room }) => store.leave(room, before)));
    left += gone.filter(Boolean).length;
    after = rooms.at(-1)?.id ?? after;
    if (rooms.length === ROOMS) return true;
    if (left > 0) log.info({ rooms: left }, "idle rooms left Redis");
    after = 0;
    left = 0;
    return false;
  };
}
