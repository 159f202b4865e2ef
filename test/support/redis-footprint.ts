/** Measures what a remembered message, a room that people talk in, and an idle room cost Redis, in bytes of its memory. */
import { createLog } from "../../shared/server/process/logger.ts";
import { connected, openCommands } from "../../shared/server/redis/connect.ts";
import { draftMessage } from "../../shared/server/redis/event-draft.ts";
import { createRedisKeys } from "../../shared/server/redis/keys.ts";
import { readMemory } from "../../shared/server/redis/memory.ts";
import { openPresenceStore } from "../../shared/server/redis/presence-store.ts";
import { openRoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import { startRedis } from "./redis.ts";
import { ageBySlice } from "./sent-ids.ts";

/** Bytes of each. `room` is a room in Redis without its log, `event` an event in its log. */
export type Footprint = { message: number; room: number; event: number; idleRoom: number };

const SHARDS = 16;
const MESSAGES = 64_000;
const ROOMS = 100;
const IDLE_ROOMS = 2_000;
/** Two lengths of a log, whose difference tells what an event costs. */
const EVENTS = [20, 220] as const;
/** Few, so that Redis answers each in time on a busy machine. */
const AT_ONCE = 20;
const LEASE_MS = 1_900;
const AUTHOR = { id: "01936f6e-0000-7000-8000-000000000001", nickname: "수다쟁이", role: "user" } as const;
/** As long as texts of a chat are. */
const TEXT = "오늘 저녁에 뭐 먹을까?";
const clientIdOf = (n: number): string => `01936f6e-0000-7000-8000-${String(n).padStart(12, "0")}`;

export async function measureFootprint(): Promise<Footprint> {
  const server = await startRedis({ extra: { appendonly: "no" } });
  const redis = openCommands(server.url, "footprint", createLog("footprint", "silent"));
  await connected(redis);
  const keys = createRedisKeys("suda", SHARDS);
  const store = openRoomLogStore(redis, keys, { events: 500, ms: 0, bytes: 8 << 20 });
  const presence = openPresenceStore(redis, keys);
  const shards = Array.from({ length: SHARDS }, (_, shard) => shard);
  const idleRooms = Array.from({ length: IDLE_ROOMS }, (_, n) => `idle-room-${n}`);
  const rooms = Array.from({ length: ROOMS }, (_, n) => `room-${n}`);
  /** Without memory that only looks used, as that of requests which were just answered. */
  const used = async (): Promise<number> => (await readMemory(redis)).used;
  const inTurns = async <T>(all: readonly T[], act: (one: T) => Promise<unknown>): Promise<void> => {
    for (let from = 0; from < all.length; from += AT_ONCE)
      await Promise.all(all.slice(from, from + AT_ONCE).map(act));
  };
  const begin = async (): Promise<void> => {
    await redis.flushall();
    await inTurns(shards, (shard) => presence.renew(shard, "boot", LEASE_MS, 1, []));
  };
  /** In its second epoch, as rooms are after the first restart of Redis. */
  const open = (room: string): Promise<boolean> =>
    store.restore(room, {
      ...{ epoch: "AAAAAAAAAAAA", base: 2_000_000, postgresSeq: 9_000 },
      ...{ prevEpoch: "BBBBBBBBBBBB", prevUpTo: 9_000, entries: [] },
    });
  const forgetSent = async (): Promise<void> => void (await redis.del(await redis.keys("*}:sent:*")));

  async function ofMessage(): Promise<number> {
    await begin();
    await inTurns(rooms, open);
    const remember = async (from: number): Promise<void> => {
      const each = MESSAGES / ROOMS;
      await inTurns(rooms, (room) =>
        store.rememberSent(
          room,
          Array.from({ length: each }, (_, n) => ({
            userId: AUTHOR.id,
            clientId: clientIdOf(from + n),
            seq: 100_000 + from + n,
          })),
        ),
      );
    };
    await remember(0);
    const one = [...new Map(rooms.map((room) => [keys.shardOf(room), room])).values()];
    for (const room of one) await ageBySlice({ redis, keys, room });
    const before = await used();
    await remember(MESSAGES);
    return ((await used()) - before) / MESSAGES;
  }

  /** Bytes of a room after so many messages, which PostgreSQL has. */
  async function ofRoom(events: number): Promise<number> {
    await begin();
    const before = await used();
    await inTurns(rooms, open);
    for (let n = 0; n < events; n++)
      await inTurns(rooms, (room) =>
        store.append(draftMessage({ room, clientId: clientIdOf(n) }, AUTHOR, TEXT)),
      );
    await inTurns(rooms, (room) => store.commit(room, 2_000_000 + events));
    await forgetSent();
    return ((await used()) - before) / ROOMS;
  }

  async function ofIdleRoom(): Promise<number> {
    await begin();
    const before = await used();
    await inTurns(idleRooms, open);
    await inTurns(idleRooms, (room) => store.leave(room, Number.MAX_SAFE_INTEGER));
    return ((await used()) - before) / IDLE_ROOMS;
  }

  try {
    const [few, many] = [await ofRoom(EVENTS[0]), await ofRoom(EVENTS[1])];
    const event = (many - few) / (EVENTS[1] - EVENTS[0]);
    return {
      message: await ofMessage(),
      room: few - EVENTS[0] * event,
      event,
      idleRoom: await ofIdleRoom(),
    };
  } finally {
    redis.disconnect();
    await server.stop();
  }
}
