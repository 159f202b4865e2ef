import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { connectPostgres, type Sql } from "../../shared/server/postgres/pool.ts";
import { createLog } from "../../shared/server/process/logger.ts";
import { keptSince } from "../../shared/server/process/retention.ts";
import { createDatabase, type TestDatabase } from "../../test/support/postgres.ts";
import { startRedis, type TestRedis } from "../../test/support/redis.ts";
import { migrate } from "../../worker/migrate.ts";
import { startOver } from "../events/joined-frame.ts";
import { createArchiveQueries } from "../history/archive-queries.ts";
import { createHistory } from "../history/history.ts";
import { createReadingGate } from "../limits/reading-gate.ts";
import { openTestNode, type TestNode } from "../testing/test-node.ts";

const DAY_MS = 86_400_000;
const NOON = Date.UTC(2026, 10, 28, 12);
const ROOM = "quiet";
let server: TestRedis;
let database: TestDatabase;
let sql: Sql;
let node: TestNode;
/** The gateway's clock; messages are kept for one day. */
let now = NOON;
const kept = (): number => keptSince(now, 1);

beforeAll(async () => {
  [server, database] = await Promise.all([startRedis(), createDatabase()]);
  sql = connectPostgres(database.url, { name: "test", max: 2 });
  await migrate(sql, createLog("test", "silent"));
  await sql`insert into rooms (name, title) values (${ROOM}, ${ROOM})`;
  await sql.unsafe(
    "create table messages_all partition of messages for values from ('2026-01-01') to ('2027-01-01')",
  );
});
afterAll(async () => {
  node.close();
  await sql.end({ timeout: 1 });
  await Promise.all([server.stop(), database.drop()]);
});
beforeEach(async () => {
  node?.close();
  now = NOON;
  node = await openTestNode(server.url, { lastSeq: 0 }, 500, server.url, kept);
  await node.redis.flushall();
  await sql`truncate messages, room_days`;
  await node.restore(ROOM);
});

/** Appends messages with these times, and stores them: in Redis and in PostgreSQL. */
async function say(...times: number[]): Promise<void> {
  for (const at of times) {
    const seq = await node.redis.hincrby(node.keys.room(ROOM), "seq", 1);
    const event = `{"type":"message","room":"${ROOM}","seq":${seq},"at":${at},"user":{"id":"u","nickname":"n"},"clientId":"c${seq}","text":"said"}`;
    const epoch = (await node.redis.hget(node.keys.room(ROOM), "epoch")) ?? "";
    await node.redis.xadd(node.keys.log(ROOM), `${seq}-0`, epoch, event);
    await node.redis.hset(node.keys.room(ROOM), "stored", seq);
    await sql`
      insert into messages (room_id, seq, day, time, kind, nickname, client_id, text)
      select id, ${seq}, ${new Date(at).toISOString().slice(0, 10)}, ${new Date(at).toISOString().slice(11, 23)}, 'message', 'n', ${`c${seq}`}, 'said'
      from rooms where name = ${ROOM}`;
  }
}
const times = (count: number, at: number): number[] =>
  Array.from({ length: count }, (_, index) => at + index);

const history = async (before?: number) => {
  const gate = createReadingGate({ running: 1, perSecond: 100, perReader: 10, waiting: 10, waitMs: 1_000 });
  const read = createHistory(node.logs, { archive: createArchiveQueries(sql, kept), gate }, (json) => json);
  const { events, more } = await read(ROOM, before, 50, "test");
  return { seqs: events.map((event) => (JSON.parse(event) as { seq: number }).seq), more };
};
/** @returns the `joined` frame of a new client. */
const joined = async () => {
  const { log } = await node.rooms.acquire(ROOM);
  const { events, more, head } = JSON.parse(startOver(ROOM, log).toString());
  return { seqs: events.map(({ seq }: { seq: number }) => seq), more, head };
};

it("a room that was silent for longer sends none of its events, neither in a join nor in its history", async () => {
  await say(...times(60, NOON - 5 * DAY_MS));
  expect(await joined()).toEqual({ seqs: [], more: false, head: 60 });
  expect(await history()).toEqual({ seqs: [], more: false });
  expect(await history(30)).toEqual({ seqs: [], more: false });
});

it("events within the retention are sent, and nothing is announced before them", async () => {
  await say(...times(60, NOON - 2 * DAY_MS), ...times(3, NOON - DAY_MS), ...times(2, NOON));
  expect(await joined()).toEqual({ seqs: [61, 62, 63, 64, 65], more: false, head: 65 });
  expect(await history()).toEqual({ seqs: [61, 62, 63, 64, 65], more: false });
  expect(await history(64)).toEqual({ seqs: [61, 62, 63], more: false });
});

it("at midnight expired events leave memory, and no client resumes from a position among them", async () => {
  await say(...times(3, NOON - DAY_MS), ...times(2, NOON));
  expect(await joined()).toEqual({ seqs: [1, 2, 3, 4, 5], more: false, head: 5 });
  const { log } = await node.rooms.acquire(ROOM);
  const { epoch } = log.position;
  expect(log.since({ epoch, seq: 1 }).from).toBe("memory");
  now = Date.UTC(2026, 10, 29) - 1;
  expect((await joined()).seqs).toHaveLength(5);
  now += 1;
  expect(await joined()).toEqual({ seqs: [4, 5], more: false, head: 5 });
  expect(log.since({ epoch, seq: 1 }).from).toBe("backlog");
  expect((await node.logs.after(ROOM, 1)).state.floor).toBe(4);
  expect(log.since({ epoch, seq: 3 })).toMatchObject({ from: "memory", events: [{ seq: 4 }, { seq: 5 }] });
  expect(log.all().map(({ seq }) => seq)).toEqual([4, 5]);
});

it("a log that the worker has cut says so to a gateway that opens the room", async () => {
  await say(...times(60, NOON - 5 * DAY_MS));
  await node.scripts.expire(ROOM, kept(), 500);
  expect(await joined()).toEqual({ seqs: [], more: false, head: 60 });
  const { log } = await node.rooms.acquire(ROOM);
  expect(log.since({ epoch: log.position.epoch, seq: 60 })).toEqual({ from: "memory", events: [] });
});

it("a message that is past it can be neither deleted nor reported", async () => {
  await say(...times(2, NOON - 5 * DAY_MS), NOON);
  const archive = createArchiveQueries(sql, kept);
  expect(await archive.find(ROOM, 1)).toBeUndefined();
  expect(await archive.find(ROOM, 3)).toMatchObject({ seq: 3 });
  expect((await archive.archivedAfter(ROOM, 0, 10)).map(({ seq }) => seq)).toEqual([3]);
  expect((await history(2)).seqs).toEqual([]);
});
