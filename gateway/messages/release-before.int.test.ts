/** Gateways of the previous release and of this one on one Redis: a client id has the same seq on both. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPresenceStore } from "../../shared/server/redis/presence-store.ts";
import { checkOut, hasRelease, RELEASES_BEFORE, remove } from "../../test/support/old-release.ts";
import { startRedis, type TestRedis } from "../../test/support/redis.ts";
import { ageBySlice, passMinute } from "../../test/support/sent-ids.ts";
import { openTestNode, type TestNode } from "../testing/test-node.ts";

/** The one whose form of client ids is not that of this release. */
const [OLDEST_BEFORE] = RELEASES_BEFORE;
const SHARD_LEASE_MS = 1_900;
/** An act of a gateway: it sends a message with one of a few client ids, or renews its lease. */
type Step =
  | { kind: "say"; by: "former" | "new"; id: number }
  | { kind: "renew"; by: "former" | "new" }
  | { kind: "minute" }
  | { kind: "slice" };

const by = fc.constantFrom("former" as const, "new" as const);
const steps = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.record({ kind: fc.constant("say" as const), by, id: fc.nat({ max: 5 }) }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("renew" as const), by }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("minute" as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("slice" as const) }) },
  ),
  { maxLength: 40 },
);

describe.skipIf(!hasRelease(OLDEST_BEFORE))(`beside ${OLDEST_BEFORE}`, () => {
  let server: TestRedis;
  let release = "";
  let former: TestNode;
  let node: TestNode;
  let count = 0;

  beforeAll(async () => {
    server = await startRedis();
    release = checkOut(OLDEST_BEFORE);
    const theirs = await import(`${release}/gateway/testing/test-node.ts`);
    former = await theirs.openTestNode(server.url, { lastSeq: 0 });
    node = await openTestNode(server.url, { lastSeq: 0 });
  });
  afterAll(async () => {
    former?.close();
    node?.close();
    remove(release);
    await server?.stop();
  });

  /** An empty chat. @returns the acts on it, and the number of its events. */
  async function begin() {
    await node.redis.flushall();
    const room = `room-${++count}`;
    const place = { redis: node.redis, keys: node.keys, room };
    const shard = node.keys.shardOf(room);
    const theirs = await import(`${release}/shared/server/redis/presence-store.ts`);
    const leases = {
      new: { store: openPresenceStore(node.redis, node.keys), renewals: 0 },
      former: { store: theirs.openPresenceStore(former.redis, former.keys), renewals: 0 },
    };
    const renew = async (who: "former" | "new"): Promise<void> => {
      const lease = leases[who];
      lease.renewals++;
      await lease.store.renew(shard, who, SHARD_LEASE_MS, lease.renewals, []);
    };
    return {
      room,
      renew,
      minute: () => passMinute(place),
      slice: () => ageBySlice(place),
      say: (who: "former" | "new", id: number) => (who === "new" ? node : former).append(room, `id-${id}`),
      written: () => node.redis.xlen(node.keys.log(room)),
    };
  }

  test("a client id has one seq, whoever is asked in which order, however long the others were silent", async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        const chat = await begin();
        const seqs = new Map<number, { seq: number; slices: number }>();
        let forgotten = 0;
        for (const step of taken as Step[]) {
          if (step.kind === "renew") await chat.renew(step.by);
          else if (step.kind === "minute") await chat.minute();
          else if (step.kind === "slice") {
            await chat.slice();
            for (const [id, known] of seqs)
              if (++known.slices > 2) {
                seqs.delete(id);
                forgotten++;
              }
          } else {
            const id = step.id + 10 * forgotten;
            const known = seqs.get(id);
            const seq = await chat.say(step.by, id);
            if (known) expect(seq).toBe(known.seq);
            seqs.set(id, { seq, slices: 0 });
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test("a gateway of the release before that starts late, or again, finds what was said without it", async () => {
    const chat = await begin();
    await chat.renew("new");
    const [first, second] = [await chat.say("new", 1), await chat.say("new", 2)];
    expect(await node.redis.keys("*:sent:u1:*")).toEqual([]);
    expect(await chat.say("former", 1)).toBe(first);
    expect(await chat.say("former", 2)).toBe(second);
    // The previous release was not noticed yet, but this release writes its form too.
    const third = await chat.say("new", 3);
    expect(await chat.say("former", 3)).toBe(third);
    expect(await chat.written()).toBe(3);
  });

  test("a room that left Redis goes on at the release before in a fresh epoch, and nothing is given twice", async () => {
    const chat = await begin();
    await chat.renew("new");
    for (const id of [1, 2, 3]) await chat.say("new", id);
    await node.scripts.commit(chat.room, 3);
    expect(await node.scripts.leave(chat.room, Number.MAX_SAFE_INTEGER)).toBe(true);
    const [left] = await node.scripts.heads([chat.room]);
    const fresh = await chat.say("former", 4);
    expect(fresh).toBeGreaterThan(1_000_000);
    expect(await chat.say("new", 5)).toBe(fresh + 1);
    const { state } = await node.logs.newest(chat.room);
    expect(state).toMatchObject({ current: true, prevEpoch: left?.epoch, prevUpTo: 3 });
  });

  test("a message of it is found by this release, and both forms are written while it is heard", async () => {
    const chat = await begin();
    await chat.renew("former");
    const first = await chat.say("former", 1);
    await chat.renew("new");
    expect(await chat.say("new", 1)).toBe(first);
    const second = await chat.say("new", 2);
    expect(await node.redis.keys("*:sent:u1:id-2")).toHaveLength(1);
    expect(await chat.say("former", 2)).toBe(second);
    await chat.minute();
    await chat.renew("new");
    await chat.say("new", 3);
    expect(await node.redis.keys("*:sent:u1:id-3")).toEqual([]);
  });
});
