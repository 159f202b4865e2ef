/** Reactions in PostgreSQL: written with their events, whichever worker inserts these, and removed with their messages. */
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createReactionQueries } from "../gateway/messages/reactions/reaction-queries.ts";
import { draftRemoval } from "../shared/server/redis/event-draft.ts";
import { archiveRest } from "./archive.ts";
import { createReactionUpkeepQueries } from "./reaction-queries.ts";
import { emptyClosed } from "./testing/empty-closed.ts";
import { AUTHOR, openTestEnvironment, type TestEnvironment } from "./testing/test-environment.ts";

const [ANA, BEN] = ["01936f6e-0000-7000-8000-0000000000a1", "01936f6e-0000-7000-8000-0000000000b2"] as const;
let environment: TestEnvironment;
let room = "";
let count = 0;
beforeAll(async () => {
  environment = await openTestEnvironment();
});
afterAll(() => environment.close());
beforeEach(async () => {
  room = await environment.startRoom(`reacting-${++count}`);
});

type Change = { target: number; emoji?: string; on?: string[]; off?: string[] };
/** Appends an event of reactions. */
const put = (...changes: Change[]) =>
  environment.put(room, (seq) =>
    JSON.stringify({
      ...{ type: "reactions", room, seq, at: Date.now() },
      changes: changes.map((change) => ({ emoji: "👍", on: [], off: [], ...change })),
      clientId: `r${seq}`,
    }),
  );
const archive = () => archiveRest(environment.deps, 5_000);
const counted = async (userId?: string) => {
  const { rows } = await createReactionQueries(environment.sql).count(room, 0, 1_000, userId);
  return rows.map(
    ({ target, emoji, count: users, you }) => `${target} ${emoji} ${users}${you ? " you" : ""}`,
  );
};

it("the latest of each person and emoji counts, however it is divided into events and batches", async () => {
  const target = await environment.say(room, "a");
  await put({ target, on: [ANA, BEN] }, { target, emoji: "🎉", on: [ANA] });
  await put({ target, off: [ANA] });
  await archive();
  expect(await counted(ANA)).toEqual([`${target} 🎉 1 you`, `${target} 👍 1`]);
  await put({ target, on: [ANA], off: [BEN] });
  await archive();
  expect(await counted(BEN)).toEqual([`${target} 🎉 1`, `${target} 👍 1`]);
  expect(await createReactionQueries(environment.sql).findOne(room, target, "👍", ANA)).toEqual({
    ...{ isOn: true, emojis: expect.arrayContaining(["🎉", "👍"]) },
  });
});

it("a batch that is written again changes nothing", async () => {
  const target = await environment.say(room, "a");
  await put({ target, on: [ANA] });
  await archive();
  await put({ target, off: [ANA] });
  await archive();
  await environment.redis.hset(environment.keys.room(room), "stored", 0);
  await environment.redis.hset(
    environment.keys.dirty(environment.keys.shardOf(room)),
    room,
    "1",
    `n:${room}`,
    3,
  );
  await archive();
  expect(await counted()).toEqual([]);
});

it("a deleted message has no reactions, and its neighbour keeps them", async () => {
  const [target, other] = [await environment.say(room, "a"), await environment.say(room, "b")];
  await put({ target, on: [ANA] }, { target: other, on: [ANA] });
  await archive();
  await environment.remove(room, target);
  await archive();
  expect(await counted()).toEqual([`${other} 👍 1`]);
  // Deleted before anything of it was written.
  const third = await environment.say(room, "c");
  await put({ target: third, on: [ANA] });
  await environment.remove(room, third);
  await archive();
  expect(await counted()).toEqual([`${other} 👍 1`]);
  // Gathered before the deletion, and part of the room after it.
  await put({ target, on: [BEN] }, { target: third, on: [BEN] }, { target: other, on: [BEN] });
  await archive();
  expect(await counted()).toEqual([`${other} 👍 2`]);
});

it("messages that were removed before anything of them was written have no reactions either", async () => {
  const [target, next] = [await environment.say(room, "a"), await environment.say(room, "b")];
  await put({ target, on: [ANA] }, { target: next, on: [BEN] });
  const draft = draftRemoval({ room, clientId: "removal" }, BEN, AUTHOR.id);
  await environment.scripts.remove(draft, { sinceMs: 0, lowest: undefined, upTo: undefined });
  await archive();
  expect(await counted()).toEqual([]);
});

it("an event with changes of another form is a dead letter, and the others are written", async () => {
  const target = await environment.say(room, "a");
  await put({ target, on: ["no user"] });
  await put({ target, on: [BEN] });
  await archive();
  expect(await counted()).toEqual([`${target} 👍 1`]);
  expect(await environment.deadLetters(room)).toHaveLength(1);
});

it("nothing is left of a deleted room or of days past the retention", async () => {
  const { sql } = environment;
  const target = await environment.say(room, "a");
  await put({ target, on: [ANA, BEN] });
  await archive();
  const { removeBefore } = createReactionUpkeepQueries(sql);
  expect(await removeBefore("2000-01-01", 10)).toBe(0);
  expect((await counted()).length).toBe(1);
  const rows = async () => Number((await sql`select count(*) as rows from reactions`)[0]?.rows);
  const before = await rows();
  const highest = await environment.scripts.seal(room);
  await sql`insert into deleted_rooms (id, name, last_seq) select id, name, ${highest} from rooms where name = ${room}`;
  await sql`delete from rooms where name = ${room}`;
  await emptyClosed(environment);
  expect(before - (await rows())).toBe(2);
  expect(await environment.redis.exists(environment.keys.reacting(room))).toBe(0);
  expect(await removeBefore("9999-01-01", 100)).toBe(before - 2);
});
