import { afterAll, beforeAll, expect, it } from "vitest";
import { archiveRest } from "./archive.ts";
import { createExpiry } from "./expiry.ts";
import { openTestEnvironment, type TestEnvironment } from "./testing/test-environment.ts";

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 10, 28, 9);
/** The start of the oldest day within a retention of one day. */
const KEPT = Date.UTC(2026, 10, 27);
let environment: TestEnvironment;
beforeAll(async () => {
  environment = await openTestEnvironment();
});
afterAll(() => environment.close());

const archive = () => archiveRest(environment.deps, 20_000);
const expiry = (retentionDays = 1) => {
  const { logs: _, ...deps } = environment.deps;
  return createExpiry({ ...deps, logs: environment.scripts, limitMs: 5_000, retentionDays });
};
const room = (name: string): Promise<string> => environment.startRoom(name);
async function expire(now = NOW, retentionDays = 1): Promise<void> {
  const run = expiry(retentionDays);
  while (await run(now));
}
const heldBy = async (name: string) => {
  const read = await environment.scripts.readNewest(name, 2_000);
  return {
    seqs: read?.entries.map(({ seq }) => seq),
    floor: read?.state.floor,
    expired: read?.state.expired,
  };
};

it("events past their retention leave the log of a room in which nobody speaks", async () => {
  await room("quiet");
  for (let n = 1; n <= 60; n++) await environment.sayAt("quiet", NOW - 5 * DAY_MS, `${n}`);
  await archive();
  await expire();
  expect(await heldBy("quiet")).toEqual({ seqs: [], floor: 61, expired: 60 });
  expect(await environment.say("quiet", "goes on")).toBe(61);
});

it("whole days go: the last moment before midnight does, the first after it stays", async () => {
  await room("midnight");
  for (const at of [KEPT - 1, KEPT, NOW]) await environment.sayAt("midnight", at, `${at}`);
  await archive();
  await expire();
  expect(await heldBy("midnight")).toEqual({ seqs: [2, 3], floor: 2, expired: 1 });
  await expire(NOW + DAY_MS);
  expect(await heldBy("midnight")).toEqual({ seqs: [3], floor: 3, expired: 2 });
});

it("events that PostgreSQL does not have yet stay, and go once it has them", async () => {
  await room("pending");
  for (const text of ["a", "b"]) await environment.sayAt("pending", NOW - 3 * DAY_MS, text);
  const run = expiry();
  while (await run(NOW));
  expect(await heldBy("pending")).toMatchObject({ seqs: [1, 2], floor: 1 });
  await archive();
  while (await run(NOW));
  expect(await heldBy("pending")).toMatchObject({ seqs: [], floor: 3 });
});

it("the tombstone of a deleted message goes too, and later messages stay", async () => {
  await room("deleted");
  await environment.sayAt("deleted", NOW - 3 * DAY_MS, "old");
  await environment.sayAt("deleted", NOW, "new");
  await environment.remove("deleted", 1);
  await archive();
  expect((await heldBy("deleted")).seqs).toEqual([1, 2, 3]);
  await expire();
  expect(await heldBy("deleted")).toEqual({ seqs: [2, 3], floor: 2, expired: 1 });
  expect(await environment.redis.zcard(environment.keys.tombstones("deleted"))).toBe(0);
});

it("a long log goes in pieces, and its room's other places stay as they are", async () => {
  await room("long");
  for (let n = 1; n <= 1_200; n++)
    await environment.put(
      "long",
      (seq) => `{"type":"message","room":"long","seq":${seq},"at":${NOW - 2 * DAY_MS},"text":"${n}"}`,
    );
  await environment.sayAt("long", NOW, "new");
  await environment.redis.hset(environment.keys.room("long"), "stored", 1_201);
  await expire();
  expect(await heldBy("long")).toEqual({ seqs: [1_201], floor: 1_201, expired: 1_200 });
  expect(await environment.stored("long")).toBe(1_201);
});

it("where everything is kept for ever nothing goes", async () => {
  await room("kept");
  await environment.sayAt("kept", Date.UTC(2001, 0, 1), "for ever");
  await archive();
  await expire(NOW, 0);
  expect(await heldBy("kept")).toMatchObject({ seqs: [1], floor: 1 });
});
