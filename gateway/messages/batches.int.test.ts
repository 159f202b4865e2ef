/** Messages that come together go to Redis as one call: each is answered alone, in the order in which they came. */
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openForgetUser, openUserStore } from "../../shared/server/redis/user-store.ts";
import { startRedis, type TestRedis } from "../../test/support/redis.ts";
import { openTestNode, type TestNode } from "../testing/test-node.ts";

let server: TestRedis;
let node: TestNode;
beforeAll(async () => {
  server = await startRedis();
  node = await openTestNode(server.url, { lastSeq: 0 });
});
afterAll(async () => {
  node?.close();
  await server?.stop();
});
beforeEach(begin);

let rooms: string[] = [];
let begun = 0;

/** An empty Redis, and four rooms that never were before. */
async function begin(): Promise<void> {
  await node.redis.flushall();
  begun++;
  rooms = ["tea", "coffee", "mate", "water"].map((name) => `${name}-${begun}`);
  for (const room of rooms) await node.restore(room);
}

/** The events of a room's log, without their time. */
async function logOf(room: string): Promise<{ seq: number; clientId: string }[]> {
  const entries = await node.redis.xrange(node.keys.log(room), "-", "+");
  return entries
    .map(([, [, json]]) => JSON.parse(json ?? ""))
    .map(({ seq, clientId }) => ({ seq, clientId }));
}

describe("appends of one turn", () => {
  test("give each message one seq in the order in which they came, repeats included, in all rooms", async () => {
    const message = fc.record({ which: fc.nat(3), id: fc.nat(30) });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(message, { maxLength: 40 }), { maxLength: 6 }), async (turns) => {
        await begin();
        const given = new Map<string, number>();
        for (const turn of turns) {
          const messages = turn.map(({ which, id }) => ({ room: rooms[which] ?? "", id }));
          const seqs = await Promise.all(messages.map(({ room, id }) => node.append(room, `id-${id}`)));
          for (const [index, { room, id }] of messages.entries()) {
            const seq = seqs[index] ?? 0;
            expect(seq).toBe(given.get(`${room} ${id}`) ?? seq);
            given.set(`${room} ${id}`, seq);
          }
        }
        for (const room of rooms) {
          const order = [...given].filter(([key]) => key.startsWith(`${room} `));
          const expected = order.map(([key, seq]) => ({ seq, clientId: `id-${key.split(" ")[1]}` }));
          expect(await logOf(room)).toEqual(expected);
          expect(Number(await node.redis.hget(node.keys.room(room), "seq"))).toBe(expected.at(-1)?.seq ?? 0);
          const dirty = await node.redis.hget(node.keys.dirty(node.keys.shardOf(room)), `n:${room}`);
          expect(Number(dirty ?? 0)).toBe(expected.length);
        }
      }),
      { numRuns: 25 },
    );
  });

  test("reach the bus one by one and in order", async () => {
    const [tea = ""] = rooms;
    const heard: string[] = [];
    const bus = node.redis.duplicate({ enableOfflineQueue: true, lazyConnect: false });
    bus.on("smessage", (_, message: string) => heard.push(message.split(" ")[1] ?? ""));
    await bus.ssubscribe(node.keys.channel(tea));
    await Promise.all(Array.from({ length: 20 }, (_, index) => node.append(tea, `id-${index}`)));
    await expect.poll(() => heard).toEqual(Array.from({ length: 20 }, (_, index) => String(index + 1)));
    bus.disconnect();
  });

  test("fail alone where a room cannot be written", async () => {
    const [tea = "", coffee = "", mate = ""] = rooms;
    await node.redis.set(node.keys.log(coffee), "no stream");
    const settled = await Promise.allSettled(
      [tea, coffee, mate, coffee, tea].map((room, index) => node.append(room, `id-${index}`)),
    );
    expect(settled.map((one) => (one.status === "fulfilled" ? one.value : String(one.reason)))).toEqual([
      1,
      expect.stringContaining("WRONGTYPE"),
      1,
      expect.stringContaining("WRONGTYPE"),
      2,
    ]);
  });

  test("take no seq where Redis refused them, so that the room's next event does not leave one out", async () => {
    const [tea = ""] = rooms;
    await node.redis.xadd(node.keys.log(tea), "1-0", "epoch", "{}");
    const settled = await Promise.allSettled([1, 2, 3].map((id) => node.append(tea, `id-${id}`)));
    expect(settled.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(await node.redis.xlen(node.keys.log(tea))).toBe(1);
  });

  test("fail alone where a shard's list for the worker cannot be written", async () => {
    const shard = node.keys.shardOf(rooms[0] ?? "");
    await node.redis.set(node.keys.dirty(shard), "no hash");
    const settled = await Promise.allSettled(rooms.map((room) => node.append(room, "id")));
    for (const [index, room] of rooms.entries())
      expect(settled[index]?.status).toBe(node.keys.shardOf(room) === shard ? "rejected" : "fulfilled");
  });
});

test("decisions of one turn fail alone where a user's keys cannot be read, and know what the turn counted", async () => {
  const store = openUserStore(node.redis, node.keys, { on: true, perSecond: 1, burst: 2, mutesMs: [30_000] });
  for (const userId of ["good", "bad"]) {
    const { asked } = await store.find(userId);
    const row = { nickname: userId, role: "user" as const, restricted: undefined, version: 1 };
    await store.keep(userId, row, asked);
  }
  await node.redis.set(node.keys.userRecent("bad"), "no list");
  const attempt = (userId: string, clientId: string) =>
    store.admit({
      ...{ userId, clientId, room: "tea", text: clientId, fingerprint: "ab", exempt: true, slowModeMs: 0 },
    });
  const settled = await Promise.allSettled([
    attempt("good", "1"),
    attempt("bad", "1"),
    attempt("good", "2"),
    attempt("good", "1"),
    attempt("good", "3"),
    attempt("stranger", "1"),
  ]);
  expect(
    settled.map((one) => (one.status === "fulfilled" ? one.value.decision : String(one.reason))),
  ).toEqual(["ok", expect.stringContaining("WRONGTYPE"), "ok", "ok", "too_fast", "unknown"]);
});

test("a user whose row changes gets no fresh bucket of messages by it", async () => {
  const store = openUserStore(node.redis, node.keys, { on: true, perSecond: 1, burst: 2, mutesMs: [30_000] });
  const know = async (): Promise<void> => {
    const { asked } = await store.find("fast");
    const row = { nickname: "fast", role: "user" as const, restricted: undefined, version: 1 };
    await store.keep("fast", row, asked);
  };
  const say = async (clientId: string): Promise<string> =>
    (
      await store.admit({
        ...{ userId: "fast", clientId, room: "tea", text: clientId },
        ...{ fingerprint: "ab", exempt: true, slowModeMs: 0 },
      })
    ).decision;
  await know();
  expect([await say("1"), await say("2"), await say("3")]).toEqual(["ok", "ok", "too_fast"]);
  await openForgetUser(node.redis, node.keys)("fast");
  expect(await say("3")).toBe("unknown");
  await know();
  expect([await say("3"), await say("1")]).toEqual(["too_fast", "ok"]);
});
