/** The rules count each message of a user once, however often it is sent and whatever was sent in between. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openForgetUser, openUserStore } from "../../shared/server/redis/user-store.ts";
import { startRedis, type TestRedis } from "../../test/support/redis.ts";
import { openTestNode, type TestNode } from "../testing/test-node.ts";

/** So many that none is refused, and so few a second that none comes back during the test. */
const RULES = { on: true, perSecond: 1e-9, burst: 10_000, mutesMs: [30_000] };
const USER = "ann";
/** As many of a user's last messages are known again for sure. */
const REMEMBERED = 50;
/** An entry that a release without marks added. */
const FOREIGN = "foreign";
/** The entries of a user have changed, and the marks are gone. */
const FORGOTTEN = "forgotten";

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

/** A message is one of two rooms and an id; one byte marks an id, so some of them share theirs. */
const message = fc.record({ room: fc.constantFrom("tea", "mate"), id: fc.nat(400) });
const acts = fc.array(
  fc.oneof(
    { weight: 30, arbitrary: message },
    fc.constantFrom(FOREIGN, FORGOTTEN, ...["again", "again", "again"]),
  ),
  { minLength: 60, maxLength: 160 },
);

test("a message that was counted costs nothing when it is sent again, a new one always does", async () => {
  const store = openUserStore(node.redis, node.keys, RULES);
  const know = async (): Promise<void> => {
    const { asked } = await store.find(USER);
    await store.keep(USER, { nickname: USER, role: "user", restricted: undefined, version: 1 }, asked);
  };
  const say = ({ room, id }: { room: string; id: number }) =>
    store.admit({
      ...{ userId: USER, room, clientId: `id-${id}`, text: `${id}`, fingerprint: "ab" },
      ...{ exempt: true, slowModeMs: 0 },
    });
  const left = async (): Promise<number> =>
    Number((await node.redis.hget(node.keys.user(USER), "tokens")) ?? RULES.burst);

  await fc.assert(
    fc.asyncProperty(acts, fc.nat(), async (chosen, seed) => {
      await node.redis.flushall();
      await know();
      const counted: { room: string; id: number }[] = [];
      for (const [index, act] of chosen.entries()) {
        if (act === FORGOTTEN) {
          await openForgetUser(node.redis, node.keys)(USER);
          await know();
        } else if (act === FOREIGN) {
          await node.redis.lpush(node.keys.userRecent(USER), `1 ab other id-foreign-${index} text`);
          counted.unshift({ room: "other", id: -1 });
        } else {
          const remembered = counted.slice(0, REMEMBERED).filter(({ id }) => id >= 0);
          const again = remembered[(seed + index) % Math.max(1, remembered.length)];
          const said = act === "again" ? again : (act as { room: string; id: number });
          if (!said) continue;
          const place = counted.findIndex(({ room, id }) => room === said.room && id === said.id);
          // Older ones may be known or not.
          if (place >= REMEMBERED) continue;
          const before = await left();
          expect(await say(said)).toMatchObject({ decision: "ok" });
          expect(before - (await left())).toBeCloseTo(place < 0 ? 1 : 0, 3);
          if (place < 0) counted.unshift(said);
        }
      }
    }),
    { numRuns: 15 },
  );
});
