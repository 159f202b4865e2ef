/** The memory of Redis for messages that were sent: its length in time, and in bytes. */
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openPresenceStore } from "../../shared/server/redis/presence-store.ts";
import { startRedis, type TestRedis } from "../../test/support/redis.ts";
import { ageBySlice, sentKeysOf } from "../../test/support/sent-ids.ts";
import { openTestNode, type TestNode } from "../testing/test-node.ts";

let server: TestRedis;
let node: TestNode;
let room = "";
let count = 0;
beforeAll(async () => {
  server = await startRedis();
  node = await openTestNode(server.url, { lastSeq: 0 });
});
afterAll(async () => {
  node?.close();
  await server?.stop();
});
beforeEach(begin);

/** An empty Redis, and a room that no gateway of the previous release ever knew. */
async function begin(): Promise<void> {
  await node.redis.flushall();
  room = `room-${++count}`;
  await openPresenceStore(node.redis, node.keys).renew(node.keys.shardOf(room), "boot", 1_900, 1, []);
  await node.restore(room);
}
const age = (): Promise<void> => ageBySlice({ redis: node.redis, keys: node.keys, room });
const sentKeys = (): Promise<string[]> => sentKeysOf({ redis: node.redis, keys: node.keys, room });
const say = (id: number | string): Promise<number> => node.append(room, `id-${id}`);
const remember = (from: number, upTo: number): Promise<void> =>
  node.scripts.rememberSent(
    room,
    Array.from({ length: upTo - from }, (_, n) => ({
      userId: "u1",
      clientId: `id-${from + n}`,
      seq: from + n + 1,
    })),
  );
async function bytesOfSent(): Promise<number> {
  const sizes = (await sentKeys()).map((key) => node.redis.memory("USAGE", key));
  return (await Promise.all(sizes)).reduce<number>((sum, size) => sum + (size ?? 0), 0);
}

test("an id has its seq for two slices after it was last sent, however slices and messages follow each other", async () => {
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.nat({ max: 8 }) },
    { weight: 1, arbitrary: fc.constant("slice" as const) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      await begin();
      const seqs = new Map<number, { seq: number; slices: number }>();
      let head = 0;
      for (const taken of steps) {
        if (taken === "slice") {
          await age();
          for (const [id, known] of seqs) if (++known.slices > 2) seqs.delete(id);
        } else {
          const seq = await say(taken);
          expect(seq).toBe(seqs.get(taken)?.seq ?? head + 1);
          head = Math.max(head, seq);
          seqs.set(taken, { seq, slices: 0 });
        }
      }
    }),
    { numRuns: 100 },
  );
});

test("all of it expires, none before a quarter of an hour and none after half as long again", async () => {
  await say(1);
  const lives = await Promise.all((await sentKeys()).map((key) => node.redis.pttl(key)));
  expect(lives).toHaveLength(1);
  for (const ms of lives) {
    expect(ms).toBeGreaterThan(15 * 60_000);
    expect(ms).toBeLessThanOrEqual(23.5 * 60_000 + 1_000);
  }
});

test("a message costs at most 100 bytes, few as there are, and less than 40 once a slice knows how many there are", async () => {
  await remember(0, 100);
  expect((await bytesOfSent()) / 100).toBeLessThan(60);
  await remember(100, 20_000);
  expect((await bytesOfSent()) / 20_000).toBeLessThan(100);
  await age();
  const before = await bytesOfSent();
  await remember(20_000, 40_000);
  expect(((await bytesOfSent()) - before) / 20_000).toBeLessThan(40);
  expect(await node.scripts.findSeq(room, "u1", "id-0")).toBe(1);
  expect(await node.scripts.findSeq(room, "u1", "id-39999")).toBe(40_000);
});

test("the same client id in another room, or of another person, is another", async () => {
  await say(1);
  expect(await node.scripts.findSeq(room, "u1", "id-1")).toBe(1);
  expect(await node.scripts.findSeq(room, "u2", "id-1")).toBeUndefined();
  expect(await node.scripts.findSeq(`${room}0`, "u1", "id-1")).toBeUndefined();
});

test("a client id that looks like a number, or like nothing, is remembered", async () => {
  const ids = ["0", "-1", "007", "_", "s", "9".repeat(64)];
  const seqs: number[] = [];
  for (const id of ids) seqs.push(await node.append(room, id));
  for (const [index, id] of ids.entries()) expect(await node.append(room, id)).toBe(seqs[index]);
});
