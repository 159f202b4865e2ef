/** Redis and PostgreSQL, opened, with the typed stores and queries over them. Opening waits for neither. */
import { createClusterName } from "../../shared/server/postgres/cluster-name.ts";
import { createClusterSettingsQueries } from "../../shared/server/postgres/cluster-settings-queries.ts";
import { GATEWAY_LANES } from "../../shared/server/postgres/lane-sizes.ts";
import { createLanes } from "../../shared/server/postgres/lanes.ts";
import { createStoreWatch } from "../../shared/server/preflight/watch.ts";
import { keptSince } from "../../shared/server/process/retention.ts";
import { openCommands, openSubscriber } from "../../shared/server/redis/connect.ts";
import { openConnectionRecordStore } from "../../shared/server/redis/connection-record-store.ts";
import { openControlLogStore } from "../../shared/server/redis/control-log-store.ts";
import { createRedisKeys } from "../../shared/server/redis/keys.ts";
import { openMembersStore } from "../../shared/server/redis/members-store.ts";
import { openMentionStore } from "../../shared/server/redis/mention-store.ts";
import { openNoticeStore } from "../../shared/server/redis/notice-store.ts";
import { openPresenceStore } from "../../shared/server/redis/presence-store.ts";
import { openRoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import { ANSWER_MS, STATEMENT_MS } from "../../shared/timeouts.ts";
import { createBoundedQueries } from "./bounded-queries.ts";
import type { Node } from "./node.ts";
import { openReadingBack } from "./reading-back.ts";

export type Stores = ReturnType<typeof openStores>;

export function openStores({ config, log, onClose, metrics }: Node) {
  const { name } = config;
  const logBounds = { events: config.logEvents, ms: config.logMs, bytes: config.logBytes };
  const keptSinceNow = (): number => keptSince(Date.now(), config.retentionDays);

  const watch = createStoreWatch(log, metrics.registry);
  const openLane = createLanes(config.databaseUrl, name, metrics.registry, watch.met("PostgreSQL"));
  const bounds = { statementMs: STATEMENT_MS, limitMs: ANSWER_MS };
  const database = openLane("chat", { connections: GATEWAY_LANES.chat, ...bounds });
  onClose("postgres", database.close);
  const readingBack = openReadingBack(config, openLane, { ...bounds, keptSince: keptSinceNow });
  onClose("old pages", readingBack.close);

  const redis = openCommands(config.redisUrl, name, log, watch.met("Redis"));
  onClose("redis", () => redis.disconnect());
  const subscriber = openSubscriber(config.redisUrl, name, log, watch.met("Redis"));
  onClose("bus", () => subscriber.disconnect());
  const keys = createRedisKeys(config.keyPrefix, config.shards);

  return {
    openLane,
    watch,
    sql: database.sql,
    /** Read during the start-up. */
    clusterName: createClusterName(createClusterSettingsQueries(database.sql).readClusterName),
    queries: createBoundedQueries(database, keptSinceNow),
    readingBack,
    /** Events from before this moment are past their retention. */
    keptSince: keptSinceNow,
    redis,
    subscriber,
    keys,
    logBounds,
    roomLogStore: openRoomLogStore(redis, keys, logBounds),
    presenceStore: openPresenceStore(redis, keys),
    membersStore: openMembersStore(redis, keys),
    controlStore: openControlLogStore(redis, keys),
    noticeStore: openNoticeStore(redis, keys),
    mentionStore: openMentionStore(redis, keys),
    connectionRecordStore: openConnectionRecordStore(redis, keys),
  };
}
