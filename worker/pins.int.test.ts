/** The pinned message of a room in PostgreSQL is the one of its newest notice, whichever worker inserts that. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { createPinQueries } from "../gateway/rooms/pin-queries.ts";
import { archiveRest } from "./archive.ts";
import { AUTHOR, openTestEnvironment, type TestEnvironment } from "./testing/test-environment.ts";

let environment: TestEnvironment;
beforeAll(async () => {
  environment = await openTestEnvironment();
});
afterAll(() => environment.close());

const notice = (room: string, code: string, target?: number) =>
  environment.put(room, (seq) =>
    JSON.stringify({ type: "notice", room, seq, at: Date.now(), code, target, clientId: `n${seq}` }),
  );
const archive = () => archiveRest(environment.deps, 5_000);
const pinned = async (room: string) => (await createPinQueries(environment.sql).findPin(room))?.seq;

it("the newest notice of each room counts, however they are divided into batches", async () => {
  const [one, other] = [await environment.startRoom("pins-one"), await environment.startRoom("pins-other")];
  for (const room of [one, other]) await notice(room, "pinned", 1);
  await notice(one, "pinned", 7);
  await archive();
  expect([await pinned(one), await pinned(other)]).toEqual([7, 1]);
  await notice(one, "unpinned");
  await notice(other, "slow_mode", 9);
  await archive();
  expect([await pinned(one), await pinned(other)]).toEqual([undefined, 1]);
});

it("an older notice that is written again changes nothing", async () => {
  const room = await environment.startRoom("pins-again");
  await notice(room, "pinned", 1);
  await notice(room, "pinned", 2);
  await archive();
  const again = await environment.sql`
    insert into messages (room_id, seq, day, time, kind, deleted, data)
    select room_id, 0, day, time, kind, deleted, data from messages
    where day = (select max(day) from room_days) and seq = 1 and room_id = (select id from rooms where name = ${room})`;
  expect(again.count).toBe(1);
  expect(await pinned(room)).toBe(2);
});

const deletion = (room: string, target: number, by: string) =>
  environment.put(room, (seq) =>
    JSON.stringify({ type: "deleted", room, seq, at: Date.now(), target, by, clientId: `d${seq}` }),
  );
const removal = (room: string, author: string, from: number) =>
  environment.put(room, (seq) =>
    JSON.stringify({
      ...{ type: "removed", room, seq, at: Date.now(), author, from, by: author },
      clientId: `r${seq}`,
    }),
  );

it("a pin ends with its message: deleted, or removed with all that its author said", async () => {
  const author = AUTHOR.id;
  const rooms = ["pins-deleted", "pins-removed", "pins-kept"];
  for (const room of rooms) {
    await environment.startRoom(room);
    for (const text of ["first", "second"]) await environment.say(room, text);
    await notice(room, "pinned", 2);
  }
  await archive();
  expect(await Promise.all(rooms.map(pinned))).toEqual([2, 2, 2]);
  await deletion("pins-deleted", 2, author);
  await removal("pins-removed", author, 1);
  await deletion("pins-kept", 1, author);
  await archive();
  expect(await Promise.all(rooms.map(pinned))).toEqual([undefined, undefined, 2]);
});

it("a pin and the deletion of its message in one batch leave no pin, however often they are written", async () => {
  const room = await environment.startRoom("pins-at-once");
  await environment.say(room, "gone soon");
  await notice(room, "pinned", 1);
  await deletion(room, 1, AUTHOR.id);
  await archive();
  expect(await pinned(room)).toBeUndefined();
});

it("a pin of a message that was removed before it was written ends too", async () => {
  const room = await environment.startRoom("pins-never-seen");
  await environment.put(room, (seq) =>
    JSON.stringify({
      ...{ type: "message", room, seq, at: Date.now(), user: AUTHOR },
      clientId: "t",
      deleted: true,
    }),
  );
  await notice(room, "pinned", 1);
  await removal(room, AUTHOR.id, 1);
  await archive();
  expect(await pinned(room)).toBeUndefined();
});

it.each([
  ["in the same epoch", false],
  ["after Redis lost the room and it was restored", true],
])("a pin that is said after its message's deletion pins nothing: %s", async (how, isRestored) => {
  const room = await environment.startRoom(`pins-late-${how.length}`);
  for (const text of ["gone soon", "stays"]) await environment.say(room, text);
  await deletion(room, 1, AUTHOR.id);
  await archive();
  if (isRestored) {
    await environment.redis.del(environment.keys.room(room), environment.keys.log(room));
    await environment.openRoom(room);
    await environment.redis.hset(environment.keys.room(room), "seq", 2_000_000);
  }
  await notice(room, "pinned", 1);
  await archive();
  expect(await pinned(room)).toBeUndefined();
  await notice(room, "pinned", 2);
  await archive();
  expect(await pinned(room)).toBe(2);
});
