/**
 * Watches the memory of Redis. Warns before it is full, and frees what PostgreSQL has: rooms without people leave early, the longest
 * idle ones first, and logs are trimmed to the events of a join. Without this, Redis would refuse messages.
 */
import type { Database } from "../shared/server/postgres/database.ts";
import type { Log } from "../shared/server/process/logger.ts";
import type { IdleRoom, IdleRoomStore } from "../shared/server/redis/idle-room-store.ts";
import type { MemoryUse } from "../shared/server/redis/memory.ts";
import type { Metrics } from "./metrics.ts";
import { createRoomQueries } from "./room-queries.ts";

export type MemoryReliefDeps = {
  memory: () => Promise<MemoryUse>;
  rooms: Pick<IdleRoomStore, "findIdle" | "leave"> & { trimToJoin: (room: string) => Promise<void> };
  database: Pick<Database, "use">;
  limitMs: number;
  metrics: Pick<Metrics, "redisMemoryRatio">;
  log: Log;
};

/** Shares of the memory: relief begins above the first and ends below the second. */
const TIGHT = 0.8;
const EASED = 0.75;
/** Rooms between two looks at the memory. */
const AT_ONCE = 50;
const PAGE = 1_000;
/** Runs to wait after one that could free nothing, because it asks for every room. */
const PAUSE_RUNS = 12;

/** @returns a task that looks at the memory once. */
export function createMemoryRelief(deps: MemoryReliefDeps) {
  const { memory, rooms, metrics, log } = deps;
  let isTight = false;
  let pause = 0;

  return async (): Promise<false> => {
    const ratio = await look();
    if (ratio < (isTight ? EASED : TIGHT)) {
      if (isTight) log.info({ ratio }, "Redis has memory again");
      isTight = false;
      pause = 0;
      return false;
    }
    if (!isTight)
      log.warn({ ratio }, "the memory of Redis is nearly used up: rooms that nobody is in leave it early");
    isTight = true;
    if (pause-- > 0) return false;
    pause = (await relieve()) === 0 ? PAUSE_RUNS : 0;
    return false;
  };

  async function look(): Promise<number> {
    const { used, max } = await memory();
    const ratio = max > 0 ? used / max : 0;
    metrics.redisMemoryRatio.set(ratio);
    return ratio;
  }

  /** @returns the number of rooms that left. */
  async function relieve(): Promise<number> {
    const found = (await findAll(deps)).sort((a, b) => a.at - b.at);
    let left = 0;
    const stayed: string[] = [];
    for (let from = 0; from < found.length; from += AT_ONCE) {
      const some = found.slice(from, from + AT_ONCE);
      const gone = await Promise.all(some.map(({ room }) => rooms.leave(room, Number.MAX_SAFE_INTEGER)));
      left += gone.filter(Boolean).length;
      stayed.push(...some.flatMap(({ room }, index) => (gone[index] ? [] : [room])));
      if ((await look()) < EASED) break;
    }
    for (let from = 0; from < stayed.length && (await look()) >= EASED; from += AT_ONCE)
      await Promise.all(stayed.slice(from, from + AT_ONCE).map(rooms.trimToJoin));
    log.warn({ rooms: left, ratio: await look() }, "rooms left Redis early");
    return left;
  }
}

/** All rooms that are in Redis. */
async function findAll({ database, limitMs, rooms }: MemoryReliefDeps): Promise<IdleRoom[]> {
  const found: IdleRoom[] = [];
  for (let after = 0; ; ) {
    const page = await database.use(limitMs, (sql) => createRoomQueries(sql).findRooms(after, PAGE));
    found.push(
      ...(await rooms.findIdle(
        page.map(({ name }) => name),
        Number.MAX_SAFE_INTEGER,
      )),
    );
    const last = page.at(-1);
    if (!last || page.length < PAGE) return found;
    after = last.id;
  }
}
