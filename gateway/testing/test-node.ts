/**
 * A test gateway node: the rooms of a gateway without its sockets, on a real Redis, and the frames that one reader in
 * the room would get.
 */

import type { ArchivedEvent } from "../../shared/server/events/archived-event.ts";
import { createLog } from "../../shared/server/process/logger.ts";
import { connected, openCommands, openSubscriber } from "../../shared/server/redis/connect.ts";
import { draftMessage } from "../../shared/server/redis/event-draft.ts";
import { createRedisKeys } from "../../shared/server/redis/keys.ts";
import { openRoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import { startOver } from "../events/joined-frame.ts";
import type { SentMessage } from "../history/archive-queries.ts";
import { createRecovery } from "../recovery/recover-room.ts";
import type { HeldArchive, HeldRoom } from "../recovery/recovery-queries.ts";
import { createLiveRooms } from "../room-log/live-rooms.ts";
import { createLoadedRooms } from "../room-log/loaded-rooms.ts";
import { createLogReads } from "../room-log/log-reads.ts";
import { createRoomLog } from "../room-log/room-log.ts";
import { createBus } from "../subscriber.ts";

export type TestNode = Awaited<ReturnType<typeof openTestNode>>;
export type Archive = {
  lastSeq: number | undefined;
  bornSeq?: number;
  archived?: boolean;
  sent?: SentMessage[];
  rows?: ArchivedEvent[];
};
type Frame = {
  type: string;
  seq?: number;
  clientId?: string;
  epoch?: string;
  recovered?: boolean;
  events?: Frame[];
};

const heldRoom = ({ lastSeq, bornSeq = 0, archived = false }: Archive): HeldRoom | undefined =>
  lastSeq === undefined ? undefined : { lastSeq, bornSeq, archived };
/** A room's log has only its newest events. */
const QUIET = { ms: 0, bytes: 8 << 20 };

/**
 * @param archive PostgreSQL's answers: the highest seq stored (undefined: no such room), known client ids, the newest
 * rows first.
 */
export async function openTestNode(
  url: string,
  archive: Archive,
  logEvents = 500,
  busUrl = url,
  keptSince = () => 0,
) {
  const bounds = { events: logEvents, ...QUIET };
  const log = createLog("node", "silent");
  const redis = openCommands(url, "node", log);
  const subscriber = openSubscriber(busUrl, "node", log);
  await Promise.all([connected(redis), connected(subscriber)]);
  const keys = createRedisKeys("test", 4);
  const scripts = openRoomLogStore(redis, keys, bounds);
  const bus = createBus(subscriber);
  const frames: Frame[] = [];
  const losses: number[] = [];
  const unreadable: unknown[] = [];
  const closed: [string, string][] = [];
  const reads = {
    clientIdsSince: async () => archive.sent ?? [],
    archived: async () => archive.rows ?? [],
    confirm: async () => undefined,
  };
  const bases = new Map<string, number>();
  const queries = {
    beginEpoch: async (room: string, known: number): Promise<number> => {
      const before = bases.get(room) ?? 0;
      const first = !bases.has(room) && known === 0;
      bases.set(room, first ? 0 : Math.max(before, known) + 2_000_000);
      return bases.get(room) ?? 0;
    },
    holdingRoom: <T>(_: string, work: (held: HeldRoom | undefined, archive: HeldArchive) => Promise<T>) =>
      work(heldRoom(archive), reads),
  };
  const loaded = createLoadedRooms();
  const restore = createRecovery({
    scripts,
    queries,
    memoryOf: (room) => loaded.rooms.get(room)?.log,
    logEvents,
    log,
    onRecovered: (lost) => void losses.push(lost),
  });
  const logs = createLogReads({ scripts, recover: restore, redact: (event) => event, bounds, keptSince });
  const rooms = createLiveRooms({
    bus,
    logs,
    keys,
    exists: async () => archive.lastSeq !== undefined,
    publish: (_, frame) => frames.push(...[JSON.parse(frame.toString()) as Frame | Frame[]].flat()),
    loaded,
    memory: { redact: (event) => event, bounds, keptSince },
    on: {
      events: () => undefined,
      lost: () => undefined,
      setAside: (_, error) => void unreadable.push(error),
    },
  });
  rooms.watchClosed((room, code) => void closed.push([room, code]));
  // No history is readable, so members start over with the node's memory.
  rooms.watchLost((room) => frames.push(JSON.parse(startOver(room.name, room.log).toString())));
  bus.watch(rooms.markStale, () => void rooms.resync());

  const roomLog = createRoomLog(scripts, restore);
  const append = async (room: string, clientId: string): Promise<number> => {
    const author = { id: "u1", nickname: "n", role: "user" } as const;
    const { seq } = await roomLog.append(draftMessage({ room, clientId }, author, clientId));
    return seq;
  };

  return {
    redis,
    subscriber,
    keys,
    scripts,
    logs,
    rooms,
    bus,
    frames,
    losses,
    /** Reasons why rooms were set aside. */
    unreadable,
    closed,
    append,
    roomLog,
    restore,
    /** Client ids in the order a reader got them, those in `joined` included. */
    seen: (): string[] =>
      frames
        .flatMap((frame) => (frame.type === "joined" ? (frame.events ?? []) : [frame]))
        .map((e) => e.clientId ?? ""),
    close(): void {
      rooms.close();
      redis.disconnect();
      subscriber.disconnect();
    },
  };
}
