/**
 * A gateway's message path of the real modules, with one of them removed on request, to test that the checker notices.
 * No sockets: a member gets the frames that a socket would be sent.
 */

import { createUsers } from "../../gateway/accounts/user-cache.ts";
import type { Position } from "../../gateway/events/event.ts";
import { joinedFrame, startOver } from "../../gateway/events/joined-frame.ts";
import { createAdmission } from "../../gateway/messages/admission.ts";
import { createMessages, type Messages } from "../../gateway/messages/send.ts";
import { combineQueries } from "../../gateway/recovery/combined-queries.ts";
import { createRecovery } from "../../gateway/recovery/recover-room.ts";
import { createRecoveryQueries } from "../../gateway/recovery/recovery-queries.ts";
import { createLiveRooms } from "../../gateway/room-log/live-rooms.ts";
import { createLoadedRooms } from "../../gateway/room-log/loaded-rooms.ts";
import { createLogReads } from "../../gateway/room-log/log-reads.ts";
import { createRoomLog, type RecoverRoom } from "../../gateway/room-log/room-log.ts";
import { createBus } from "../../gateway/subscriber.ts";
import { createLog } from "../../shared/server/process/logger.ts";
import { connected, openCommands, openSubscriber } from "../../shared/server/redis/connect.ts";
import { openRoomLogStore, type RoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import { openUserStore } from "../../shared/server/redis/user-store.ts";
import type { ServerFrame } from "../../shared/server-frames.ts";
import type { TestEnvironment } from "../../worker/testing/test-environment.ts";

export type Broken = {
  /** Events of the bus are delivered as they come, without a check of seqs. */
  healing?: true;
  scripts?: (whole: RoomLogStore) => RoomLogStore;
  restore?: (whole: RecoverRoom) => RecoverRoom;
  messages?: (whole: Messages) => Messages;
  /** Joins are answered from the state of the room this many events ago. */
  staleBy?: number;
};
export type Gateway = Awaited<ReturnType<typeof openGateway>>;
type Hear = (frame: ServerFrame) => void;

const keptSince = (): number => 0;
const BOUNDS = { events: 500, ms: 120_000, bytes: 8 << 20 };
const NO_RULES = { on: false, perSecond: 1, burst: 1, mutesMs: [1_000] };
const AUTHOR = { nickname: "n", role: "user", restricted: undefined, version: 1 } as const;

export async function openGateway({ server, sql, keys }: TestEnvironment, broken: Broken = {}) {
  const log = createLog("gateway", "silent");
  const redis = openCommands(server.url, "gateway", log);
  const subscriber = openSubscriber(server.url, "gateway", log);
  await Promise.all([connected(redis), connected(subscriber)]);
  const readers = new Set<Hear>();

  const wholeScripts = openRoomLogStore(redis, keys, BOUNDS);
  const scripts = broken.scripts?.(wholeScripts) ?? wholeScripts;
  const loaded = createLoadedRooms();
  const wholeRestore = createRecovery({
    scripts,
    queries: combineQueries(createRecoveryQueries(sql)),
    memoryOf: (room) => loaded.rooms.get(room)?.log,
    logEvents: BOUNDS.events,
    log,
    onRecovered: () => undefined,
  });
  const restore = broken.restore?.(wholeRestore) ?? wholeRestore;

  const deliver = (frame: Buffer): void => {
    const parsed: ServerFrame | ServerFrame[] = JSON.parse(frame.toString());
    for (const one of [parsed].flat()) for (const hear of readers) hear(one);
  };
  const wholeBus = createBus(subscriber);
  const bus: typeof wholeBus = broken.healing
    ? {
        ...wholeBus,
        get healthy() {
          return wholeBus.healthy;
        },
        subscribe: (channel, listener) =>
          wholeBus.subscribe(channel, (message) => {
            listener(message);
            deliver(message.subarray(message.indexOf("{")));
          }),
      }
    : wholeBus;
  const rooms = createLiveRooms({
    bus,
    logs: createLogReads({ scripts, recover: restore, redact: (event) => event, bounds: BOUNDS, keptSince }),
    keys,
    exists: async () => true,
    publish: (_, frame) => broken.healing || deliver(frame),
    loaded,
    memory: { redact: (event) => event, bounds: BOUNDS, keptSince },
    on: { events: () => undefined, lost: () => undefined, setAside: () => undefined },
  });
  if (!broken.healing) wholeBus.watch(rooms.markStale, () => void rooms.resync());

  const store = openUserStore(redis, keys, NO_RULES);
  const users = createUsers(store, { findState: async () => AUTHOR });
  const wholeMessages = createMessages({
    admit: createAdmission({
      store,
      users,
      laughterCounts: true,
      tooNewMs: () => 0,
      slowModeOf: async () => 0,
    }),
    scripts,
    log: createRoomLog(scripts, restore),
    messageChars: 30,
    extrasOf: () => undefined,
    onRestricted: async () => undefined,
    onSent: () => undefined,
  });

  return {
    redis,
    messages: broken.messages?.(wholeMessages) ?? wholeMessages,
    /** Joins a room, or joins again. The first frame is `joined`; the next ones are those of all members. */
    async enter(name: string, hear: Hear, since?: Position): Promise<void> {
      const room = await rooms.acquire(name);
      room.flush();
      const found = since ? room.log.since(since) : { from: "nowhere" as const };
      const { epoch, seq } = room.log.position;
      const head = since ? seq - (broken.staleBy ?? 0) : seq;
      const { stored } = room.log;
      const frame =
        found.from === "memory"
          ? joinedFrame({
              room: name,
              epoch,
              head,
              stored,
              recovered: true,
              events: found.events.filter((event) => event.seq <= head),
              more: true,
            })
          : startOver(name, room.log);
      hear(JSON.parse(frame.toString()));
      if (!readers.has(hear)) rooms.enter(room);
      readers.add(hear);
    },
    close(): void {
      rooms.close();
      redis.disconnect();
      subscriber.disconnect();
    },
  };
}
