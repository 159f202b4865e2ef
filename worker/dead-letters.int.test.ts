import { afterAll, beforeAll, expect, it } from "vitest";
import { archiveRest } from "./archive.ts";
import { AUTHOR, openTestEnvironment, type TestEnvironment } from "./testing/test-environment.ts";

let environment: TestEnvironment;
beforeAll(async () => {
  environment = await openTestEnvironment();
});
afterAll(() => environment.close());

const archive = () => archiveRest(environment.deps, 20_000);
const AT = Date.now();
const event = (room: string, seq: number, fields: object) =>
  JSON.stringify({
    type: "message",
    room,
    seq,
    at: AT,
    user: AUTHOR,
    clientId: `c-${seq}`,
    ...fields,
  });

const room = (name: string): Promise<string> => environment.startRoom(name);

it("a row that PostgreSQL refuses is set aside with its reason, the others are written", async () => {
  await room("poison");
  for (let seq = 1; seq <= 40; seq++) {
    const user = seq % 13 === 0 ? { id: "not a uuid", nickname: "x" } : AUTHOR;
    await environment.put("poison", (own) => event("poison", own, { user, text: `${own}` }));
  }
  await archive();
  const letters = await environment.deadLetters("poison");
  expect(letters.map(({ seq }) => Number(seq))).toEqual([13, 26, 39]);
  expect(letters[0]?.reason).toMatch(/^22P02 invalid input syntax for type uuid/);
  expect(JSON.parse(letters[0]?.raw ?? "")).toMatchObject({ text: "13" });
  expect(await environment.texts("poison")).toHaveLength(37);
  expect(await environment.stored("poison")).toBe(40);
});

it("a poison row at the end of a log still counts as stored in PostgreSQL", async () => {
  await room("last");
  await environment.put("last", (seq) => event("last", seq, { user: { id: "?" }, text: "x" }));
  await archive();
  const [lastSeq] = await environment.sql`select last_seq from rooms where name = 'last'`;
  expect(lastSeq?.last_seq).toBe("1");
});

it.each([
  ["no-json", () => "{oops", "is no JSON object"],
  ["array", () => "[1]", "is no JSON object"],
  ["no-time", (seq: number) => event("no-time", seq, { at: "noon" }), "has no usable time"],
  ["far", (seq: number) => event("far", seq, { at: 1e18 }), "has no usable time"],
  ["misplaced", (seq: number) => event("misplaced", seq + 7, {}), "its seq is not the one of its place"],
  [
    "nul",
    (seq: number) => event("nul", seq, { text: "a\0b" }),
    "holds a NUL character, which PostgreSQL cannot keep",
  ],
  [
    "deep-nul",
    (seq: number) => event("deep-nul", seq, { to: [{ "\0": 1 }] }),
    "holds a NUL character, which PostgreSQL cannot keep",
  ],
  ["targetless", (seq: number) => event("targetless", seq, { type: "deleted" }), "deletes nothing"],
])("an entry that is damaged (%s) goes to the dead letters as it was", async (name, json, reason) => {
  await room(name);
  await environment.put(name, json);
  await environment.sayAt(name, Date.now(), "after it");
  await archive();
  expect(await environment.deadLetters(name)).toEqual([
    expect.objectContaining({ seq: "1", raw: json(1), reason }),
  ]);
  expect(await environment.texts(name)).toEqual(["after it"]);
  expect(await environment.stored(name)).toBe(2);
});

it("events of a room that PostgreSQL does not know are kept as dead letters", async () => {
  await environment.openRoom("nowhere");
  await environment.say("nowhere", "hello?");
  await archive();
  expect(await environment.deadLetters("nowhere")).toEqual([
    expect.objectContaining({ seq: "1", reason: "its room does not exist" }),
  ]);
  expect(await environment.stored("nowhere")).toBe(1);
});

it("another event under a seq that is taken is damage: the first stays, the second is set aside", async () => {
  await room("damage");
  await environment.say("damage", "first");
  await archive();
  const [first] = await environment.sql`select day, time from messages where text = 'first'`;
  await environment.redis.hset(environment.keys.room("damage"), { stored: 0, seq: 0 });
  await environment.redis.del(environment.keys.log("damage"));
  await environment.say("damage", "second");
  await archive();
  await archive();
  expect(await environment.texts("damage")).toEqual(["first"]);
  expect(await environment.sql`select day, time from messages where text = 'first'`).toEqual([first]);
  expect(await environment.deadLetters("damage")).toEqual([
    expect.objectContaining({ seq: "1", reason: "another event has its seq" }),
  ]);
});

it("a letter is kept once, however often its batch is written", async () => {
  await room("again");
  await environment.put("again", () => "{oops");
  await archive();
  await environment.redis.hset(environment.keys.room("again"), "stored", 0);
  await environment.redis.hset(environment.keys.dirty(environment.keys.shardOf("again")), {
    again: Date.now(),
    "n:again": 1,
  });
  await archive();
  expect(await environment.deadLetters("again")).toHaveLength(1);
});
