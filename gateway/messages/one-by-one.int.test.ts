/** A batch of appends does to Redis what its items would do one by one, also where rooms and notes of shards are broken. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createLog } from "../../shared/server/process/logger.ts";
import { openAppend } from "../../shared/server/redis/append-batch.ts";
import { type Commands, connected, openCommands } from "../../shared/server/redis/connect.ts";
import { draftMessage } from "../../shared/server/redis/event-draft.ts";
import { createRedisKeys } from "../../shared/server/redis/keys.ts";
import { startRedis, type TestRedis } from "../../test/support/redis.ts";

const ROOMS = ["r0", "r1", "r2", "r3"];
const AUTHOR = { id: "u1", nickname: "n", role: "user" } as const;
let server: TestRedis;
let redis: Commands;
let run = "";
beforeAll(async () => {
  server = await startRedis();
  redis = openCommands(server.url, "batches", createLog("batches", "silent"));
  await connected(redis);
  run = /run_id:(\w+)/.exec(await redis.info("server"))?.[1] ?? "";
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const roomStates = fc.array(
  fc.constantFrom("well", "well", "recalled", "lost", "no stream", "no seq", "ahead"),
  {
    ...{ minLength: ROOMS.length, maxLength: ROOMS.length },
  },
);
/** Milliseconds ago; the last one: by a gateway of the release before. */
const notes = fc.record({
  last: fc.constantFrom(undefined, "0.0", "100000.0", "0"),
  heard: fc.constantFrom(undefined, 0, 10_000_000),
  jumped: fc.constantFrom(undefined, "", "n5"),
});
const messages = fc.array(fc.record({ which: fc.nat(ROOMS.length - 1), id: fc.nat(4) }), { maxLength: 20 });
type Notes = typeof notes extends fc.Arbitrary<infer T> ? T : never;

/** @returns the keys of rooms and shards in these states. */
async function prepare(prefix: string, now: number, states: string[], { last, heard, jumped }: Notes) {
  const keys = createRedisKeys(prefix, 2);
  const jump = jumped === undefined ? undefined : `${now - 9_000}${jumped && `n${now - 5_000}`}`;
  for (const clock of [keys.clock(0), keys.clock(1)]) {
    const [ms = "0", fraction] = last?.split(".") ?? [];
    if (last) await redis.hset(clock, "last", `${now - Number(ms)}${fraction ? ".0" : ""}`);
    if (heard !== undefined) await redis.hset(clock, "heard", now - heard);
    if (jump) await redis.hset(clock, "jumped", jump);
  }
  for (const [index, room] of ROOMS.entries()) {
    const state = states[index];
    if (state === "lost") continue;
    await redis.hset(keys.room(room), { run, epoch: "e", at: 5, born: 0 });
    if (state !== "no seq") await redis.hset(keys.room(room), "seq", 10);
    if (state === "recalled" && jump) await redis.hset(keys.room(room), "recalled", jump);
    if (state === "no stream") await redis.set(keys.log(room), "text");
    if (state === "ahead") await redis.xadd(keys.log(room), "11-0", "e", "{}");
  }
  return keys;
}

/** @returns all that Redis has under a prefix, without times. */
async function contentOf(prefix: string): Promise<string> {
  const found: unknown[] = [];
  for (const key of (await redis.keys(`${prefix}:*`)).sort()) {
    const type = await redis.type(key);
    const hash = async () =>
      Object.entries(await redis.hgetallBuffer(key)).map(([of, value]) => `${of} ${value}`);
    const value =
      type === "hash" ? (await hash()).sort() : type === "stream" ? await redis.xrange(key, "-", "+") : type;
    found.push([key.slice(prefix.length), value, (await redis.pttl(key)) > 0]);
  }
  const text = JSON.stringify(found, undefined, 1);
  return text.replaceAll(/1\d{12}(?!\d)/g, "time").replaceAll(/(sent:|"b\d )\d+/g, "slice");
}

test("a batch does what its items would do one by one", async () => {
  await fc.assert(
    fc.asyncProperty(roomStates, notes, messages, async (states, noted, sent) => {
      await redis.flushall();
      const now = Date.now();
      const outcomes: unknown[] = [];
      for (const prefix of ["alone", "batch"]) {
        const append = openAppend(redis, await prepare(prefix, now, states, noted));
        const say = ({ which, id }: { which: number; id: number }): Promise<unknown> =>
          append(draftMessage({ room: ROOMS[which] ?? "", clientId: `id-${id}` }, AUTHOR, "hi")).then(
            (appended) => appended ?? "to be restored",
            (error: Error) => error.message.split(" ", 3).join(" "),
          );
        const answers: unknown[] = [];
        if (prefix === "batch") answers.push(...(await Promise.all(sent.map(say))));
        else for (const one of sent) answers.push(await say(one));
        outcomes.push({ answers, content: await contentOf(prefix) });
      }
      expect(outcomes[1]).toEqual(outcomes[0]);
    }),
    { numRuns: 60 },
  );
});
