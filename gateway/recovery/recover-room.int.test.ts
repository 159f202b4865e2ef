/** Promises that hold in a room whose Redis came back with less than it had. */

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { connectPostgres, type Sql } from "../../shared/server/postgres/pool.ts";
import { createLog } from "../../shared/server/process/logger.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import { draftDeletion, draftMessage } from "../../shared/server/redis/event-draft.ts";
import { openPresenceStore } from "../../shared/server/redis/presence-store.ts";
import { createDatabase, type TestDatabase } from "../../test/support/postgres.ts";
import { startRedis, type TestRedis } from "../../test/support/redis.ts";
import { migrate } from "../../worker/migrate.ts";
import type { Room } from "../room-log/live-room.ts";
import { type Archive, openTestNode, type TestNode } from "../testing/test-node.ts";
import { combineQueries } from "./combined-queries.ts";
import { createRecovery } from "./recover-room.ts";
import { createRecoveryQueries } from "./recovery-queries.ts";

let server: TestRedis;
let node: TestNode;
let room = "";
let count = 0;

beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());
beforeEach(() => {
  room = `room-${++count}`;
});
afterEach(() => node.close());

/** A gateway with a member in the room, after the messages `m1`, `m2` ... */
const talking = async (archive: Archive, messages: number) => {
  node = await openTestNode(server.url, archive);
  const loaded = await node.rooms.acquire(room);
  node.rooms.enter(loaded);
  for (let n = 1; n <= messages; n++) await node.append(room, `m${n}`);
  return loaded;
};
const U1 = { id: "u1", nickname: "n", role: "user" } as const;
const remove = (target: number, clientId: string, tombstone = "") => {
  return node.scripts.delete(draftDeletion({ room, clientId }, "u1", target), {
    target,
    any: false,
    tombstone,
  });
};
/** Dumps Redis. @returns a function that restores the dump, as after a power loss. */
const snapshot = async (): Promise<() => Promise<void>> => {
  const { keys, redis } = node;
  const names = [keys.room(room), keys.log(room), keys.dirty(keys.shardOf(room))];
  const kept = await Promise.all(names.map((name) => redis.dumpBuffer(name)));
  return async () => {
    await redis.flushall();
    await Promise.all(names.map((name, index) => redis.restore(name, 0, kept[index] ?? "")));
    await redis.hset(keys.room(room), "run", "another");
  };
};
/** The events of a page of history. */
const notified = async (): Promise<unknown[][]> =>
  (await node.logs.before(room, Number.MAX_SAFE_INTEGER, 50)).entries.map(({ bytes }) => {
    const { seq, type, text, deleted } = JSON.parse(bytes.toString()) as Record<string, unknown>;
    return [seq, type, deleted ?? text];
  });

test("a message whose deletion Redis lost is told as its tombstone again, and deleting it again changes nothing", async () => {
  const loaded = await talking({ lastSeq: 0 }, 2);
  const rollBack = await snapshot();
  await remove(1, "d1");
  await vi.waitFor(() => expect(loaded.log.position.seq).toBe(3));
  await rollBack();
  await loaded.resync();
  expect(await notified()).toEqual([
    [1, "message", true],
    [2, "message", "m2"],
    [3, "deleted", undefined],
  ]);
  expect(await remove(1, "d1-again")).toMatchObject({ seq: 3 });
});

test("deletions that an emptied Redis is told of from memory are known as such", async () => {
  const loaded = await talking({ lastSeq: 0 }, 2);
  await remove(2, "d2");
  await vi.waitFor(() => expect(loaded.log.position.seq).toBe(3));
  await node.redis.flushall();
  await loaded.resync();
  expect(await notified()).toEqual([
    [1, "message", "m1"],
    [2, "message", true],
    [3, "deleted", undefined],
  ]);
  expect(await remove(2, "d2-again")).toMatchObject({ seq: 3 });
});

test("a message that was put back from PostgreSQL alone can be deleted, and the room read", async () => {
  const row = (seq: number) => ({
    ...{ seq, at: 1_000 + seq, kind: "message", userId: "u1", nickname: "n", clientId: `m${seq}` },
    ...{ text: `m${seq}`, deleted: false, data: null },
  });
  await talking({ lastSeq: 2, rows: [row(2), row(1)] }, 0);
  await remove(1, "d1");
  expect((await notified()).slice(0, 2)).toEqual([
    [1, "message", true],
    [2, "message", "m2"],
  ]);
});

test("a text that only PostgreSQL has stays hidden when Redis lost its deletion before the worker wrote it", async () => {
  const archive: Archive = { lastSeq: 900 };
  const loaded = await talking(archive, 1);
  const tombstone = `{"type":"message","room":"${room}","seq":5,"at":1,"user":{"id":"u1"},"clientId":"m5","deleted":true}`;
  const deletion = 2_000_902;
  expect(await remove(5, "d5", tombstone)).toMatchObject({ seq: deletion });
  await vi.waitFor(() => expect(loaded.log.position.seq).toBe(deletion));
  archive.lastSeq = deletion - 1;
  await node.redis.flushall();
  await loaded.resync();
  const hidden = await node.scripts.deletedSeqs(room);
  expect([4, 5].map((seq) => hidden.has(seq, undefined))).toEqual([false, true]);
  expect(await remove(5, "d5-again")).toMatchObject({ seq: deletion });
});

/** Publishes the room's events after seq 2, up to another seq. */
const hear = (loaded: Room, upTo: number): void => {
  const { epoch } = loaded.log.position;
  const user = `"user":{"id":"u1","nickname":"n"}`;
  for (let seq = 2; seq <= upTo; seq++) {
    const event = `{"type":"message","room":"${room}","seq":${seq},"at":1,${user},"clientId":"m${seq}","text":"x"}`;
    loaded.onBus(Buffer.from(`${epoch} ${seq} ${event}`));
  }
};
test("an emptied Redis is told all that memory alone has of a busy room, however much that is", async () => {
  node = await openTestNode(server.url, { lastSeq: 0 }, 50_000);
  const loaded = await node.rooms.acquire(room);
  await node.append(room, "m1");
  await vi.waitFor(() => expect(loaded.log.position.seq).toBe(1));
  hear(loaded, 35_000);
  await node.redis.flushall();
  await loaded.resync();
  expect(node.unreadable).toEqual([]);
  const found = await node.scripts.readAfter(room, 34_998, 10);
  expect(found?.entries.map(({ seq }) => seq)).toEqual([34_999, 35_000]);
  expect(await node.append(room, "m20000")).toBe(20_000);
});

test("while ten minutes of client ids are remembered again, Redis answers others", async () => {
  node = await openTestNode(server.url, { lastSeq: 0 });
  await node.redis.flushall();
  const sent = Array.from({ length: 20_000 }, (_, n) => ({ userId: "u1", clientId: `c${n}`, seq: n + 1 }));
  const remembering = node.scripts.rememberSent(room, sent);
  const last = (): Promise<number | undefined> => node.scripts.findSeq(room, "u1", "c19999");
  expect(await last()).toBeUndefined();
  await remembering;
  expect(await last()).toBe(sent.length);
});

describe("a clock of Redis that was set", () => {
  const AHEAD_MS = 3 * 86_400_000;
  /** As it looks from within: all that was noted is of three days ago, and what expires has expired. */
  const jump = async (clientIds: string[], noticedBy: "message" | "renewal"): Promise<void> => {
    const { keys, redis } = node;
    await redis.del(await redis.keys(`${keys.sent(keys.shardOf(room))}*`));
    await redis.del(clientIds.map((id) => keys.sentBefore(room, "u1", id)));
    const before = String(Date.now() - AHEAD_MS);
    await redis.hset(keys.room(room), "seen", before);
    await redis.hset(keys.clock(keys.shardOf(room)), "last", before);
    if (noticedBy === "renewal") await renew();
  };
  const renew = () =>
    openPresenceStore(node.redis, node.keys).renew(node.keys.shardOf(room), "boot", 1_900, 1, []);

  test.each(["message", "renewal"] as const)(
    "gives a message that is sent again the seq it has, though Redis has forgotten it (found by a %s)",
    async (noticedBy) => {
      const archive: Archive = { lastSeq: 0, sent: [{ userId: "u1", clientId: "stored", seq: 1 }] };
      node = await openTestNode(server.url, archive);
      await node.append(room, "stored");
      await renew();
      const before = await node.append(room, "logged");
      await node.redis.xdel(node.keys.log(room), "1-0");
      await jump(["stored", "logged"], noticedBy);
      expect(await node.append(room, "fresh")).toBe(before + 1);
      expect([await node.append(room, "logged"), await node.append(room, "stored")]).toEqual([before, 1]);
    },
  );

  test("a room that was quiet costs nobody a question", async () => {
    const archive: Archive = { lastSeq: 0, sent: [] };
    node = await openTestNode(server.url, archive);
    await renew();
    await node.append(room, "m1");
    await node.redis.hset(node.keys.room(room), "seen", String(Date.now() - AHEAD_MS));
    await renew();
    const drafted = draftMessage({ room, clientId: "m2" }, U1, "two");
    expect(await node.scripts.append(drafted)).toEqual({ seq: 2, fresh: true });
  });
});

describe("with PostgreSQL", () => {
  const log = createLog("restore", "silent");
  let database: TestDatabase;
  let sql: Sql;
  beforeAll(async () => {
    database = await createDatabase();
    sql = connectPostgres(database.url, { name: "restore", max: 2 });
    await migrate(sql, log);
  });
  afterAll(async () => {
    await sql.end({ timeout: 1 });
    await database.drop();
  });
  const restoreWith = (scripts: TestNode["scripts"]) =>
    createRecovery({
      scripts,
      queries: combineQueries(createRecoveryQueries(sql)),
      logEvents: 10,
      log,
      memoryOf: () => undefined,
      onRecovered: () => undefined,
    });

  test("emptied four times, with nobody who remembers, no seq is given twice, nor is an epoch", async () => {
    await sql`insert into rooms (name, title) values (${room}, ${room})`;
    const [seqs, epochs]: [number[], string[]] = [[], []];
    for (let loss = 0; loss <= 4; loss++) {
      node = await openTestNode(server.url, { lastSeq: 0 });
      const { scripts, redis } = node;
      await redis.flushall();
      const restore = restoreWith(scripts);
      for (let n = 0; n < 3; n++) {
        const given = await scripts.append(draftMessage({ room, clientId: `c${loss}-${n}` }, U1, "text"));
        if (given) seqs.push(given.seq);
        else await restore(room);
      }
      epochs.push((await scripts.heads([room]))[0]?.epoch ?? "");
      if (loss < 4) node.close();
    }
    expect(seqs.slice(0, 2)).toEqual([1, 2]);
    expect(seqs.length).toBe(10);
    expect(new Set(seqs).size).toBe(seqs.length);
    expect(new Set(epochs).size).toBe(5);
  });

  test("gateways that restore a room at once agree, and its seqs go on above all that were given", async () => {
    node = await openTestNode(server.url, { lastSeq: 0 });
    await sql`insert into rooms (name, title, last_seq) values (${room}, ${room}, 5)`;
    const { scripts, redis } = node;
    let highest = 5;
    for (let loss = 0; loss < 3; loss++) {
      await redis.del(node.keys.room(room), node.keys.log(room));
      await Promise.all([1, 2, 3].map(() => restoreWith(scripts)(room)));
      const [head] = await scripts.heads([room]);
      expect(head?.seq).toBeGreaterThan(highest);
      highest = head?.seq ?? 0;
    }
  });

  test("more rooms than there are connections to PostgreSQL are restored at once", async () => {
    node = await openTestNode(server.url, { lastSeq: 0 });
    const rooms = ["one", "two", "three"].map((name) => `${room}-${name}`);
    for (const name of rooms)
      await sql`insert into rooms (name, title, last_seq) values (${name}, ${name}, 5)`;
    const { scripts } = node;
    await Promise.all(rooms.map(restoreWith(scripts)));
    for (const name of rooms) expect((await scripts.readNewest(name, 1))?.state.stored).toBe(5);
  });

  test("a room that is no longer held in PostgreSQL is not restored: a worker may have written to it by now", async () => {
    node = await openTestNode(server.url, { lastSeq: 0 });
    await sql`insert into rooms (name, title, last_seq) values (${room}, ${room}, 5)`;
    const { scripts } = node;
    const slow = {
      ...scripts,
      rememberSent: async () => {
        await sql`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and state = 'idle in transaction'`;
      },
    };
    const failure = await restoreWith(slow)(room).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Unavailable);
    expect(await scripts.heads([room])).toEqual([undefined]);
  });
});
