/**
 * Wires the engine: the bus, the log of each room in Redis, its tail in this gateway's memory, the recovery of a Redis
 * that lost events, and the history.
 */
import { GATEWAY_LANES } from "../../shared/server/postgres/lane-sizes.ts";
import { RESTORE_MS, STATEMENT_MS } from "../../shared/timeouts.ts";
import { createArchivedHistory, createArchivedLogView } from "../history/archived-history.ts";
import { createBacklog } from "../history/backlog.ts";
import { createFindEvents } from "../history/find-events.ts";
import { createHistory } from "../history/history.ts";
import { createSearch } from "../history/search.ts";
import { createFindUnstored } from "../history/unstored.ts";
import { createReadWindow } from "../history/windows.ts";
import { createReplyTargets } from "../messages/reply-targets.ts";
import { combineQueries } from "../recovery/combined-queries.ts";
import { createRecovery } from "../recovery/recover-room.ts";
import { createRecoveryQueries } from "../recovery/recovery-queries.ts";
import { createEventsAfter } from "../room-log/events-after.ts";
import { createLiveRooms } from "../room-log/live-rooms.ts";
import { createLoadedRooms } from "../room-log/loaded-rooms.ts";
import { createLogReads, type LogReads } from "../room-log/log-reads.ts";
import { createRoomLog } from "../room-log/room-log.ts";
import { createBus } from "../subscriber.ts";
import type { Node } from "./node.ts";
import type { People } from "./people.ts";
import type { Rooms } from "./rooms.ts";
import type { Sockets } from "./sockets.ts";
import type { Stores } from "./stores.ts";

const RECOVERY_CONNECTIONS = GATEWAY_LANES.recovery;
/**
 * Max wait of a recovery when thousands of rooms are lost at once. Clients retry their joins meanwhile and find the
 * same run.
 */
const RECOVERY_WAIT_MS = 15_000;

export type RoomLogs = ReturnType<typeof openRoomLogs>;

export function openRoomLogs(
  node: Node,
  stores: Stores,
  { openRooms }: Pick<Rooms, "openRooms">,
  { closed }: Pick<People, "closed">,
  sockets: Sockets,
) {
  const { keys, keptSince, logBounds: bounds, roomLogStore: scripts, readingBack } = stores;
  const bus = createBus(stores.subscriber);
  const loaded = createLoadedRooms();
  const recovery = stores.openLane("recovery", {
    ...{ connections: RECOVERY_CONNECTIONS, statementMs: STATEMENT_MS, limitMs: RESTORE_MS },
    waitMs: RESTORE_MS,
  });
  node.onClose("recovery", recovery.close);
  const recover = createRecovery({
    ...{ scripts, log: node.log, onRecovered: node.metrics.restored },
    queries: combineQueries(
      recovery.bounded(RESTORE_MS, (sql) => createRecoveryQueries(sql, keptSince)),
      { running: RECOVERY_CONNECTIONS, waitMs: RECOVERY_WAIT_MS, demandOf: loaded.demandOf },
    ),
    memoryOf: (room) => loaded.rooms.get(room)?.log,
    logEvents: bounds.events,
  });
  const { redact, redactBytes } = closed;
  const logs = createLogReads({ scripts, recover, redact: redactBytes, bounds, keptSince });
  const rooms = createLiveRooms({
    ...{ bus, logs, keys, loaded, exists: openRooms.exists },
    publish: sockets.publish,
    memory: { bounds, keptSince, redact: redactBytes },
    on: roomEvents(node, sockets),
  });
  node.onClose("rooms", rooms.close);
  return {
    bus,
    rooms,
    recover,
    roomLog: createRoomLog(scripts, recover),
    eventsAfter: {
      inMemory: createEventsAfter({ rooms, scripts }),
      inRedis: createEventsAfter({ scripts }),
    },
    ...openReading(stores, logs, redact),
    findReplyTarget: createReplyTargets(
      rooms.loaded,
      createFindEvents(logs, { ...readingBack, gate: readingBack.targetGate }, redact),
    ),
    backlog: createBacklog({
      ...{ logs, redact, maxEvents: node.config.resumeEvents },
      archive: readingBack.archive,
      deletedSeqs: scripts.deletedSeqs,
    }),
  };
}

/** The reads of old events, of open rooms and of archived ones. */
function openReading(
  { readingBack, roomLogStore: scripts, keptSince }: Stores,
  logs: LogReads,
  redact: (json: string) => string,
) {
  const history = createHistory(logs, readingBack, redact);
  const archivedHistory = createArchivedHistory(scripts, readingBack, redact, keptSince);
  const archivedLog = createArchivedLogView(scripts, keptSince);
  return {
    history,
    archivedHistory,
    search: createSearch({
      ...{ redact, gate: readingBack.gate },
      log: archivedLog,
      findUnstored: createFindUnstored(scripts, keptSince),
      queries: readingBack.searches,
    }),
    places: {
      open: {
        around: createReadWindow(logs, history, readingBack, redact),
        find: createFindEvents(logs, readingBack, redact),
      },
      archived: {
        around: createReadWindow(archivedLog, archivedHistory, readingBack, redact),
        find: createFindEvents(archivedLog, readingBack, redact),
      },
    },
  };
}

function roomEvents({ log, metrics, onInternalError }: Node, sockets: Sockets) {
  return {
    events: metrics.events,
    lost(room: string): void {
      metrics.lostLog();
      log.warn({ room }, "the log begins beyond a hole: members are told what they lack one by one");
    },
    setAside(room: string, error: unknown): void {
      onInternalError(error, "room", { room });
      sockets.all.endRoom(room);
    },
  };
}
