/** The periodic tasks of the worker and their intervals. Does not own the work of a task, which has a file of its own. */
import { JOIN_EVENTS } from "../shared/limits.ts";
import type { Database } from "../shared/server/postgres/database.ts";
import type { Config } from "../shared/server/process/config.ts";
import type { Log } from "../shared/server/process/logger.ts";
import type { Commands } from "../shared/server/redis/connect.ts";
import { openConnectionRecordStore } from "../shared/server/redis/connection-record-store.ts";
import { controlKeepMs } from "../shared/server/redis/control-events.ts";
import { openControlLogStore } from "../shared/server/redis/control-log-store.ts";
import type { RedisKeys } from "../shared/server/redis/keys.ts";
import { openMembersStore } from "../shared/server/redis/members-store.ts";
import { type MemoryUse, readMemory } from "../shared/server/redis/memory.ts";
import { openPresenceStore } from "../shared/server/redis/presence-store.ts";
import { openReadStore } from "../shared/server/redis/read-store.ts";
import { openRoomLogStore, type RoomLogStore } from "../shared/server/redis/room-log-store.ts";
import { type ArchiveDeps, archiveWhenDue } from "./archive.ts";
import { cleanUp, forgetTokens } from "./cleanup.ts";
import { createClosedMembers } from "./closed-members.ts";
import { emptyClosedRooms } from "./closed-rooms.ts";
import { createOrphanSweep, recordConnections } from "./connections.ts";
import { createDayMapping } from "./day-map.ts";
import { createExpiry } from "./expiry.ts";
import { createIdleRooms } from "./idle-rooms.ts";
import { trimLong } from "./long-logs.ts";
import { createMemoryRelief } from "./memory-relief.ts";
import { completeNicknames } from "./nickname-skeletons.ts";
import { paced } from "./paced.ts";
import { ensureAhead } from "./partitions.ts";
import { createPollPace } from "./poll-pace.ts";
import { createProgress } from "./progress.ts";
import { writeReads } from "./read-positions.ts";
import { createFormerRemovals } from "./removals.ts";
import type { Task } from "./repeat.ts";
import { createRetention, type HoldsDay } from "./retention.ts";
import { createSteadyTime } from "./steady-time.ts";
import { createWordIndexing } from "./word-index.ts";

/** How often the logs of rooms that were busy are trimmed, because their entries expire by age. */
const TRIM_MS = 15_000;
/** How often connections of crashed gateways are searched for. */
const LEASES_MS = 5_000;
/** How often all rooms are checked for idle ones: within this time, or sooner when rooms are idle soon. */
const IDLE_MS = 60_000;
const MEMORY_MS = 5_000;
/** How soon a closed account is out of its rooms if its gateway died. */
const MEMBERS_MS = 10_000;
/** How far PostgreSQL is behind with what users have read. Rarely, because a reader of a busy room moves on every second. */
const READS_MS = 5_000;
const TOKENS_MS = 60_000;
/** How soon after midnight expired events are removed from Redis. */
const EXPIRY_MS = 60_000;
/** How soon expired days are dropped, and how soon it is tried again where a reader was in the way. */
const RETENTION_MS = 15_000;
/** Work of many steps rests after each of them, this many times as long as it took. */
const REST = 3;
/** A dropped day makes every connection read the bounds of all partitions again. */
const RETENTION_REST = 9;
/** How soon a name that was given by a gateway of an older release gets its skeleton. */
const NICKNAMES_MS = 300_000;
/** How soon a day that is over can be searched by its index. */
const WORDS_MS = 300_000;
const HOUR_MS = 3_600_000;
/** Added to the lifetime of an access token. */
const MARGIN_MS = 5 * 60_000;
const UPKEEP_LIMIT_MS = 300_000;

type TaskDeps = {
  config: Config;
  log: Log;
  redis: Commands;
  keys: RedisKeys;
  /** The lane of what takes its time. */
  upkeep: Database;
  logs: RoomLogStore;
  archive: ArchiveDeps;
  stopping: AbortSignal;
};

/** @param holdsDay a day past the retention that is held is not dropped. */
export function createTasks(deps: TaskDeps, holdsDay?: HoldsDay): Task[] {
  const { config, log, redis, keys, upkeep: lane, logs, archive, stopping } = deps;
  const { database, writeLimitMs: limitMs } = archive;
  const surely = createSteadyTime(config.accessTokenMs + MARGIN_MS);
  const days = { messages: config.retentionDays, connections: config.connectionDays };
  const connections = {
    records: openConnectionRecordStore(redis, keys),
    presence: openPresenceStore(redis, keys),
    ...{ database, writeLimitMs: limitMs },
  };
  const expire = createExpiry({ logs, database, limitMs, retentionDays: config.retentionDays, log });
  const closed = { scripts: logs, database, limitMs, log, progress: createProgress(log) };
  const leaveClosed = createClosedMembers({
    ...{ database, limitMs, log, scripts: logs, marks: openMembersStore(redis, keys) },
    publish: (event) =>
      openControlLogStore(redis, keys).append(JSON.stringify(event), controlKeepMs(config.accessTokenMs)),
  });
  const idleMs = config.roomIdleMinutes * 60_000;
  const leave = createIdleRooms({ store: logs, database, limitMs, idleMs, now: archive.now, log });
  const joins = openRoomLogStore(redis, keys, { events: JOIN_EVENTS, ms: 0, bytes: 0 });
  const rooms = { ...logs, trimToJoin: (room: string) => joins.commit(room, 0) };
  const reads = { store: openReadStore(redis, keys), shards: config.shards, database, limitMs };
  const memory = (): Promise<MemoryUse> => readMemory(redis);
  const relieve = createMemoryRelief({ memory, rooms, database, limitMs, metrics: archive.metrics, log });
  const mapDays = createDayMapping(log);
  const indexWords = createWordIndexing(log);
  const pace = createPollPace(archive.due.ms);
  const formerRemovals = createFormerRemovals(surely, log);
  const dropExpired = createRetention(surely, config.retentionDays, log, holdsDay);

  return [
    { name: "archive", run: archiveInPace, everyMs: pace.waitMs },
    { name: "long logs", run: () => trimLong(archive), everyMs: TRIM_MS },
    { name: "connections", run: () => recordConnections(connections), everyMs: 1_000 },
    { name: "reads", run: () => writeReads(reads), everyMs: READS_MS },
    { name: "closed rooms", run: gently(() => emptyClosedRooms(closed), REST), everyMs: 1_000 },
    { name: "closed members", run: leaveClosed, everyMs: MEMBERS_MS },
    { name: "idle rooms", run: leave, everyMs: Math.min(IDLE_MS, Math.max(200, idleMs / 4)) },
    { name: "memory", run: relieve, everyMs: MEMORY_MS },
    { name: "leases", run: createOrphanSweep(connections), everyMs: LEASES_MS },
    { name: "day map", run: () => lane.use(UPKEEP_LIMIT_MS, mapDays), everyMs: HOUR_MS },
    { name: "words", run: gently(words, REST), everyMs: WORDS_MS },
    { name: "retention", run: gently(retention, RETENTION_REST), everyMs: RETENTION_MS },
    { name: "tokens", run: () => lane.use(UPKEEP_LIMIT_MS, forgetTokens), everyMs: TOKENS_MS },
    { name: "expiry", run: () => expire(surely()), everyMs: EXPIRY_MS },
    { name: "nicknames", run: nicknames, everyMs: NICKNAMES_MS },
    { name: "removals", run: () => lane.use(UPKEEP_LIMIT_MS, formerRemovals), everyMs: HOUR_MS },
    { name: "upkeep", run: upkeep, everyMs: HOUR_MS },
  ];

  async function archiveInPace(): Promise<boolean> {
    const { more, found } = await archiveWhenDue(archive);
    pace.looked(found);
    return more;
  }

  function gently(run: () => Promise<boolean>, rest: number): () => Promise<boolean> {
    return paced(run, rest, stopping);
  }

  function retention(): Promise<boolean> {
    return lane.use(UPKEEP_LIMIT_MS, dropExpired);
  }

  function words(): Promise<boolean> {
    return lane.use(HOUR_MS, indexWords);
  }

  function nicknames(): Promise<boolean> {
    return lane.use(HOUR_MS, async (sql) => {
      await completeNicknames(sql, stopping);
      return false;
    });
  }

  function upkeep(): Promise<boolean> {
    return lane.use(UPKEEP_LIMIT_MS, async (sql) => {
      await ensureAhead(sql, Date.now());
      await cleanUp(sql, surely(), days, log);
      return false;
    });
  }
}
