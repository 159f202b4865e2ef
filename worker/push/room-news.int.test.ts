/** Rooms of which a person hears everything or nothing, and direct lines. */
import { expect, test } from "vitest";
import { AUTHOR } from "../testing/test-environment.ts";
import { usePushes } from "./testing/use-pushes.ts";

const { here, come, say, start, archive, choose } = usePushes();

test("a person who wants everything of a room hears each message once, the newest standing for the rest; others do not", async () => {
  const room = await here().startRoom("every");
  const [ana, ben] = [await come({ language: "ko" }), await come()];
  await choose(ana.id, room, "all");
  const sender = start();
  await say(room, "one");
  await archive();
  await sender.send();
  for (const text of ["two", "three"]) await say(room, text);
  await archive();
  await say(room, "four");
  await archive();
  await sender.send();
  expect(ana.heard().map(({ text, kind, count }) => [text, kind, count])).toEqual([["one", "message", 1]]);
  await ana.mayHearAgain();
  await sender.send();
  await ana.mayHearAgain();
  await sender.send();
  expect(ana.heard().map(({ text, count, language }) => [text, count, language])).toEqual([
    ["one", 1, "ko"],
    ["four", 3, "ko"],
  ]);
  expect(ben.heard()).toEqual([]);
  const rows = await here().sql`select from push_rooms`;
  expect(rows).toHaveLength(1);
  sender.end();
});

test("a batch that is archived again, and a second worker, send nothing of a room again", async () => {
  const room = await here().startRoom("every-again");
  const ana = await come();
  await choose(ana.id, room, "all");
  const [one, two] = [start(), start()];
  await say(room, "once");
  await archive();
  await Promise.all([one.send(), two.send()]);
  await here().redis.hset(here().keys.room(room), "stored", "0");
  await here().redis.hset(
    here().keys.dirty(here().keys.shardOf(room)),
    room,
    String(Date.now()),
    `n:${room}`,
    "1",
  );
  await archive();
  await ana.mayHearAgain();
  await Promise.all([one.send(), two.send()]);
  expect(ana.heard()).toHaveLength(1);
  for (const each of [one, two]) each.end();
});

test("messages that are archived again with a newer one are not counted again", async () => {
  const room = await here().startRoom("every-counted");
  const ana = await come();
  await choose(ana.id, room, "all");
  for (const text of ["one", "two"]) await say(room, text);
  await archive();
  await here().redis.hset(here().keys.room(room), "stored", "0");
  await say(room, "three");
  await archive();
  const sender = start();
  await sender.send();
  expect(ana.heard().map(({ text, count }) => [text, count])).toEqual([["three", 3]]);
  sender.end();
});

test("a mention in such a room counts once, and is shown before what came after it", async () => {
  const room = await here().startRoom("both");
  const ana = await come();
  await choose(ana.id, room, "all");
  const sender = start();
  await say(room, "to you", { mentions: [ana.id] });
  await say(room, "to all");
  await archive();
  await sender.send();
  expect(ana.heard().map(({ text, kind, count }) => [text, kind, count])).toEqual([["to you", "mention", 2]]);
  sender.end();
});

test("of a room with nothing even mentions are silent, also when the choice came after them", async () => {
  const room = await here().startRoom("silent-room");
  const [ana, ben] = [await come(), await come()];
  await choose(ana.id, room, "none");
  await choose(ben.id, room, "all");
  const sender = start();
  await say(room, "psst", { mentions: [ana.id, ben.id] });
  await archive();
  await here().sql`update room_levels set level = 'none'`;
  await sender.send();
  expect([...ana.heard(), ...ben.heard()]).toEqual([]);
  sender.end();
});

test("a direct line speaks to the other one without a mention, unless they chose less; nobody hears of their own", async () => {
  const { sql } = here();
  const [ana, ben] = [await come(), await come()];
  const line = `d-${"b".repeat(26)}`;
  await sql`
    insert into rooms (name, title, kind, archived_at, history_hidden, let_go_at)
    values (${line}, '', 'direct', now(), true, now())`;
  await here().openRoom(line);
  await sql`
    insert into room_members (room_id, user_id)
    select id, user_id from rooms, unnest(${[ana.id, ben.id]}::uuid[]) as user_id where name = ${line}`;
  await choose(ben.id, line, "mentions");
  const sender = start();
  await say(line, "only us");
  await archive();
  await sender.send();
  expect(ana.heard()).toEqual([expect.objectContaining({ direct: true, text: "only us", kind: "message" })]);
  expect(ben.heard()).toEqual([]);
  const own = await here().startRoom("own");
  await sql`insert into users (id, nickname) values (${AUTHOR.id}, 'author') on conflict do nothing`;
  await choose(AUTHOR.id, own, "all");
  await say(own, "mine");
  await archive();
  expect(await sql`select from push_rooms where user_id = ${AUTHOR.id}`).toHaveLength(0);
  sender.end();
});

test("a room of which everything is read is silent", async () => {
  const room = await here().startRoom("read-room");
  const ana = await come();
  await choose(ana.id, room, "all");
  const sender = start();
  const seq = await say(room, "read");
  await here().redis.hset(here().keys.userReads(ana.id), room, String(seq));
  await archive();
  await sender.send();
  expect(ana.heard()).toEqual([]);
  expect(sender.counted.get("unneeded")).toBe(1);
  sender.end();
});
