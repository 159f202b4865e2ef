/**
 * Reconnects after more than a moment, on a real Redis and PostgreSQL, with a worker that writes from one to the other.
 */

import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { connectPostgres, type Sql } from "../../shared/server/postgres/pool.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import { draftDeletion } from "../../shared/server/redis/event-draft.ts";
import { openRoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import { archiveRest } from "../../worker/archive.ts";
import { trimLong } from "../../worker/long-logs.ts";
import { AUTHOR, openTestEnvironment, type TestEnvironment } from "../../worker/testing/test-environment.ts";
import { openTestNode, type TestNode } from "../testing/test-node.ts";
import { createJoining, createLines, newLines, range } from "../ws/testing/join-fixture.ts";
import { createArchiveQueries } from "./archive-queries.ts";
import { createBacklog } from "./backlog.ts";

const LOG_EVENTS = 50;
const LIMIT = 64 * 1024;
const MAX = 2_000;
let environment: TestEnvironment;
let node: TestNode;
let room = "";
let count = 0;

beforeAll(async () => {
  environment = await openTestEnvironment();
});
afterAll(() => environment.close());
beforeEach(async () => {
  room = await environment.startRoom(`away-${++count}`);
  node = await openTestNode(environment.server.url, { lastSeq: 0 }, LOG_EVENTS);
});
afterEach(() => node.close());

const say = async (from: number, to: number): Promise<void> => {
  for (const n of range(from, to)) await environment.say(room, `m${n}`);
};
/** Deletes a message, also one that Redis no longer has, as a gateway does after a look-up. */
const remove = async (target: number): Promise<void> => {
  const clientId = `d-${target}`;
  const draft = draftDeletion({ room, clientId }, AUTHOR.id, target);
  const tombstone = `{"type":"message","room":"${room}","seq":${target},"deleted":true}`;
  await node.scripts.delete(draft, { target, any: false, tombstone });
};
/** Lets PostgreSQL have everything and Redis only the newest. */
const archive = async (): Promise<void> => {
  await archiveRest(environment.deps, 20_000);
  await node.scripts.commit(room, 0);
};
/** A gateway's sockets in the room. */
const gateway = (sql: Sql = environment.sql) => {
  const { logs, rooms, scripts } = node;
  const redact = (json: string): string => json;
  const backlog = createBacklog({
    ...{ logs, archive: createArchiveQueries(sql), deletedSeqs: scripts.deletedSeqs, redact, maxEvents: MAX },
  });
  return createLines(LIMIT, newLines(), createJoining({ rooms, backlog }, LIMIT), room);
};
const finish = (line: ReturnType<ReturnType<typeof gateway>>): Promise<void> =>
  vi.waitFor(
    () => {
      line.drain();
      expect(line.listens()).toBe(true);
    },
    { interval: 5, timeout: 5_000 },
  );
const texts = (line: ReturnType<ReturnType<typeof gateway>>) =>
  new Map(line.events().map((event) => [event.seq, event.type === "message" ? event.text : event.type]));

test("a client that was away past the log gets exactly the events it missed, as after a short absence", async () => {
  await say(1, 1_300);
  await archive();
  await say(1_301, 1_320);
  const line = gateway()();
  await line.join({ epoch: "e1", seq: 3 });
  await finish(line);
  expect(line.notified()[0]).toMatchObject({ recovered: true, epoch: "e1" });
  expect(line.notified().every(({ recovered = true }) => recovered)).toBe(true);
  expect(line.seqs()).toEqual(range(4, 1_320));
  expect(line.gaps()).toEqual([]);
  expect([texts(line).get(4), texts(line).get(1_320)]).toEqual(["m4", "m1320"]);
});

test("also from the epoch before, up to where that is surely complete", async () => {
  await say(1, 600);
  await archive();
  await environment.redis.hset(environment.keys.room(room), "run", "another");
  await environment.openRoom(room);
  await say(601, 700);
  await archive();
  const line = gateway()({ takes: true });
  await line.join({ epoch: "e1", seq: 3 });
  await finish(line);
  expect(line.seqs()).toEqual([...range(4, 600), ...range(1_000_601, 1_000_700)]);
  expect(line.notified().at(-1)).toMatchObject({ epoch: "e2", head: 1_000_700 });
});

test("beyond the bound, and only there, it starts over", async () => {
  await say(1, MAX + LOG_EVENTS + 1);
  await archive();
  const open = gateway();
  const [near, far] = [open({ takes: true }), open({ takes: true })];
  await near.join({ epoch: "e1", seq: 1 });
  await far.join({ epoch: "e1", seq: 0 });
  await finish(near);
  expect(near.seqs()).toEqual(range(2, MAX + LOG_EVENTS + 1));
  expect(far.notified().map(({ recovered }) => recovered)).toEqual([false]);
});

test("with PostgreSQL away it is to ask again, and nobody is told to start over", async () => {
  await say(1, 100);
  await archive();
  const nowhere = connectPostgres("postgres://127.0.0.1:1/suda", { name: "test", max: 1 });
  const line = gateway(nowhere)();
  await expect(line.join({ epoch: "e1", seq: 3 })).rejects.toBeInstanceOf(Unavailable);
  expect(line.notified()).toEqual([]);
  // A position of a moment ago needs no read of PostgreSQL.
  await line.join({ epoch: "e1", seq: 60 });
  expect(line.seqs()).toEqual(range(61, 100));
  await nowhere.end();
});

test("a message deleted during a client's catch-up is not sent to it, stored or not", async () => {
  await say(1, 1_300);
  await remove(1_000);
  await archive();
  await remove(1_100);
  const line = gateway()();
  await line.join({ epoch: "e1", seq: 3 });
  const early = line.seqs().at(-1) ?? 0;
  expect(early).toBeLessThan(900);
  await remove(900);
  await remove(10);
  await vi.waitFor(() => expect(node.rooms.loaded(room)?.log.position.seq).toBe(1_304));
  await finish(line);
  expect(line.seqs()).toEqual(range(4, 1_304));
  expect([10, 900, 1_000, 1_100].map((seq) => texts(line).get(seq))).toEqual([
    "m10",
    undefined,
    undefined,
    undefined,
  ]);
  expect(range(1_301, 1_304).map((seq) => texts(line).get(seq))).toEqual(Array(4).fill("deleted"));
});

test("a busy room's log keeps the events of its time window within the budget, and drops them afterwards", async () => {
  const now = Date.now();
  const scripts = (bytes: number) =>
    openRoomLogStore(environment.redis, environment.keys, { events: LOG_EVENTS, ms: 120_000, bytes });
  const length = () => environment.redis.xlen(environment.keys.log(room));
  for (const n of range(1, 300)) await environment.sayAt(room, now - 130_000, `old ${n}`);
  for (const n of range(1, 200)) await environment.sayAt(room, now - 110_000, `young ${n}`);
  await archiveRest(environment.deps, 20_000);
  expect(await length()).toBe(500);
  const roomy = scripts(8 << 20);
  await roomy.commit(room, 500);
  expect(await length()).toBe(200);
  expect((await roomy.readAfter(room, 0, 1_000))?.state.floor).toBe(301);
  expect(await roomy.listOversized(environment.keys.shardOf(room))).toContain(room);
  const event = {
    type: "message",
    room,
    seq: 500,
    at: now,
    user: AUTHOR,
    clientId: "c-young 200",
    text: "young 200",
  };
  // A room that was measured lately is measured again only for the sake of trimming.
  await scripts(100 * (JSON.stringify(event).length + 40)).commit(room, 500);
  expect(await length()).toBe(200);
  await scripts(100 * (JSON.stringify(event).length + 40)).commit(room, 0);
  expect(await length()).toBeGreaterThan(80);
  expect(await length()).toBeLessThan(120);

  // No new message comes: the events of the log grow old.
  const later = openRoomLogStore(environment.redis, environment.keys, {
    events: LOG_EVENTS,
    ms: 60_000,
    bytes: 8 << 20,
  });
  await trimLong({ ...environment.deps, logs: later });
  expect(await length()).toBe(LOG_EVENTS);
  expect(await later.listOversized(environment.keys.shardOf(room))).not.toContain(room);
  expect(await environment.stored(room)).toBe(500);
});
