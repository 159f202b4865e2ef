/**
 * The test environment of the worker: a Redis and a database of its own, and functions that write as a gateway does.
 */

import { openDatabase } from "../../shared/server/postgres/database.ts";
import { connectPostgres } from "../../shared/server/postgres/pool.ts";
import { createLog } from "../../shared/server/process/logger.ts";
import { openCommands } from "../../shared/server/redis/connect.ts";
import { draftDeletion, draftMessage } from "../../shared/server/redis/event-draft.ts";
import { createRedisKeys } from "../../shared/server/redis/keys.ts";
import { openRoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import { createDatabase } from "../../test/support/postgres.ts";
import { startRedis } from "../../test/support/redis.ts";
import type { ArchiveDeps } from "../archive.ts";
import { createMetrics } from "../metrics.ts";
import { migrate } from "../migrate.ts";
import { ensureAhead } from "../partitions.ts";

export type TestEnvironment = Awaited<ReturnType<typeof openTestEnvironment>>;

export const AUTHOR = { id: "01936f6e-0000-7000-8000-000000000001", nickname: "수다쟁이" };
const SHARDS = 4;
/** A room's log keeps only its newest events. */
const BOUNDS = { events: 500, ms: 0, bytes: 8 << 20 };

/**
 * @param databaseUrl maps the direct address of the database to the one for the worker. @param redisProgram the path of the
 * server; by default the first that is installed. @param postgres the address of another PostgreSQL than that of the run.
 */
export async function openTestEnvironment({
  databaseUrl = (url: string): string | Promise<string> => url,
  redisProgram = undefined as string | undefined,
  postgres = undefined as string | undefined,
} = {}) {
  const [server, database] = await Promise.all([
    startRedis({ program: redisProgram }),
    createDatabase(postgres),
  ]);
  const log = createLog("test", "silent");
  const redis = openCommands(server.url, "test", log);
  const sql = connectPostgres(database.url, { name: "test", max: 4 });
  await Promise.all([redis.connect(), migrate(sql, log)]);
  await ensureAhead(sql, Date.now());
  const keys = createRedisKeys("test", SHARDS);
  const scripts = openRoomLogStore(redis, keys, BOUNDS);

  const workerUrl = await databaseUrl(database.url);
  const pool = openDatabase(() => connectPostgres(workerUrl, { name: "worker", max: 4 }));
  const deps: ArchiveDeps = {
    logs: scripts,
    database: pool,
    writeLimitMs: 5_000,
    shards: SHARDS,
    now: async () => Date.now(),
    due: { events: 50, ms: 10_000 },
    metrics: createMetrics(),
    log,
  };

  const addRoom = (name: string) => sql`insert into rooms (name, title) values (${name}, ${name})`;

  /** Makes a room ready for events, as a gateway does before the first one. */
  const openRoom = async (room: string) => {
    const [head] = await scripts.heads([room]);
    const seq = head?.seq ?? 0;
    const before = { base: seq > 0 ? seq + 1_000_000 : 0, prevEpoch: head?.epoch ?? "", prevUpTo: seq };
    return scripts.restore(room, {
      ...before,
      epoch: head ? "e2" : "e1",
      postgresSeq: 0,
      entries: [],
    });
  };

  /** Adds a room and makes it ready for events. @returns its name. */
  async function startRoom(name: string): Promise<string> {
    await addRoom(name);
    await openRoom(name);
    return name;
  }

  /** Appends a message as a gateway does. @returns the seq. */
  async function say(room: string, text: string, clientId: string = `c-${text}`): Promise<number> {
    const answer = await scripts.append(draftMessage({ room, clientId }, { ...AUTHOR, role: "user" }, text));
    if (!answer) throw new Error(`${room} is not open`);
    return answer.seq;
  }

  /** Deletes a message as a gateway does. @param takeBackMs the age up to which it is taken back. */
  async function remove(room: string, target: number, takeBackMs = -1): Promise<void> {
    const draft = draftDeletion({ room, clientId: `d-${target}` }, AUTHOR.id, target);
    await scripts.delete(draft, { target, any: false, tombstone: "", takeBackMs });
  }

  /** Appends any JSON with the next seq, as no gateway would. @returns the seq. */
  async function put(room: string, json: (seq: number) => string, since = Date.now()): Promise<number> {
    const seq = await redis.hincrby(keys.room(room), "seq", 1);
    await redis.xadd(keys.log(room), `${seq}-0`, "e1", json(seq));
    await redis.hsetnx(keys.dirty(keys.shardOf(room)), room, String(since));
    await redis.hincrby(keys.dirty(keys.shardOf(room)), `n:${room}`, 1);
    return seq;
  }

  /** Appends a message with a given time. */
  const sayAt = (room: string, at: number, text: string) =>
    put(room, (seq) =>
      JSON.stringify({ type: "message", room, seq, at, user: AUTHOR, clientId: `c-${text}`, text }),
    );

  return {
    redis,
    sql,
    keys,
    scripts,
    deps,
    server,
    database,
    addRoom,
    openRoom,
    startRoom,
    say,
    remove,
    sayAt,
    put,
    stored: async (room: string) => Number(await redis.hget(keys.room(room), "stored")),
    texts: async (room: string) =>
      (
        await sql<{ text: string | null }[]>`
          select text from messages join rooms on rooms.id = room_id where name = ${room} order by seq`
      ).map(({ text }) => text),
    deadLetters: (room: string) =>
      sql<{ seq: string; reason: string; raw: string }[]>`
        select seq, reason, raw from dead_letters where room = ${room} order by seq`,
    close: async () => {
      redis.disconnect();
      await Promise.all([sql.end({ timeout: 1 }), pool.close()]);
      await Promise.all([server.stop(), database.drop()]);
    },
  };
}
