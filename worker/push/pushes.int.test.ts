/** Notifications from the log to the browser, with a push service that speaks the protocol and browsers that decrypt. */
import { expect, test } from "vitest";
import { openFrontStore } from "../../shared/server/redis/front-store.ts";
import { until } from "../../shared/until.ts";
import { AUTHOR } from "../testing/test-environment.ts";
import { usePushes } from "./testing/use-pushes.ts";

const { here, service, come, say, start, archive } = usePushes();

test("the mentioned and the answered hear of it, encrypted, once; others do not", async () => {
  const room = await here().startRoom("tea");
  const [ana, ben, cho] = [await come(), await come({ hideText: true }), await come()];
  const sender = start();
  const seq = await say(room, "하늘 불러요", { mentions: [ana.id], reply: ben.id });
  await archive();
  await sender.send();
  const rest = { room, title: room, seq, author: AUTHOR.nickname, count: 1 };
  expect(ana.heard()).toEqual([
    expect.objectContaining({ ...rest, to: ana.id, kind: "mention", text: "하늘 불러요" }),
  ]);
  expect(ben.heard()).toEqual([expect.objectContaining({ ...rest, to: ben.id, kind: "reply" })]);
  expect(ben.heard()[0]).not.toHaveProperty("text");
  expect(cho.heard()).toEqual([]);
  const headers = service().received[0]?.headers;
  expect(headers).toMatchObject({ "content-encoding": "aes128gcm", ttl: "43200", urgency: "high" });
  expect(headers?.authorization).toMatch(/^vapid t=\S+, k=\S+$/);
  expect(sender.counted).toEqual(
    new Map([
      ["sent", 2],
      ["unneeded", 0],
    ]),
  );
  sender.end();
});

test("an event that is archived again, and a second worker, send nothing again", async () => {
  const room = await here().startRoom("again");
  const ana = await come();
  const [one, two] = [start(), start()];
  await say(room, "once", { mentions: [ana.id] });
  await archive();
  await Promise.all([one.send(), two.send()]);
  // A worker that died after PostgreSQL had the batch, and before Redis knew.
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

test("of many mentions one is heard at once, and within ten seconds none; the next one stands for the rest", async () => {
  const room = await here().startRoom("many");
  const ana = await come();
  const sender = start();
  await say(room, "first", { mentions: [ana.id] });
  await archive();
  await sender.send();
  for (const text of ["second", "third"]) await say(room, text, { mentions: [ana.id] });
  await archive();
  await sender.send();
  expect(ana.heard().map(({ text }) => text)).toEqual(["first"]);
  await ana.mayHearAgain();
  await sender.send();
  expect(ana.heard().map(({ text, count }) => [text, count])).toEqual([
    ["first", 1],
    ["third", 2],
  ]);
  sender.end();
});

test("nothing is sent to somebody who has a page in front, or has read it, or may not read it", async () => {
  const room = await here().startRoom("seen");
  const [inFront, reader, outsider, member] = [await come(), await come(), await come(), await come()];
  const { sql } = here();
  const secret = `p-${"a".repeat(26)}`;
  await sql`
    insert into rooms (name, title, kind, archived_at, history_hidden, let_go_at)
    values (${secret}, 'secret', 'private', now(), true, now())`;
  await here().openRoom(secret);
  await sql`
    insert into room_members (room_id, user_id) select id, ${member.id} from rooms where name = ${secret}`;
  await openFrontStore(here().redis, here().keys).keep("node", [inFront.id], Date.now() + 60_000, 60_000);
  const sender = start();
  const seq = await say(room, "seen", { mentions: [inFront.id, reader.id] });
  await here().redis.hset(here().keys.userReads(reader.id), room, String(seq));
  await say(secret, "psst", { mentions: [outsider.id, member.id] });
  await archive();
  await sender.send();
  expect([inFront, reader, outsider].flatMap((each) => each.heard())).toEqual([]);
  expect(member.heard().map(({ text }) => text)).toEqual(["psst"]);
  expect(sender.counted.get("unneeded")).toBe(2);
  sender.end();
});

test("nothing is sent of a deleted message, of an ignored person, or of an hour ago", async () => {
  const room = await here().startRoom("gone");
  const [ana, ben] = [await come(), await come({ ignored: [AUTHOR.id] })];
  const sender = start();
  const seq = await say(room, "oops", { mentions: [ana.id, ben.id] });
  await say(room, "old", { mentions: [ana.id] }, Date.now() - 2 * 3_600_000);
  await archive();
  await here()
    .sql`update messages set text = null, deleted = true where seq = ${seq} and room_id = (select id from rooms where name = ${room})`;
  await sender.send();
  expect([...ana.heard(), ...ben.heard()]).toEqual([]);
  await say(room, "from one who is ignored", { mentions: [ben.id] });
  await archive();
  await ben.mayHearAgain();
  await sender.send();
  expect(ben.heard()).toEqual([]);
  sender.end();
});

test("a session that ends takes its subscription with it, and a banned person hears nothing", async () => {
  const room = await here().startRoom("ended");
  const [ana, ben] = [await come(), await come()];
  const sender = start();
  await say(room, "too late", { mentions: [ana.id, ben.id] });
  await archive();
  await here().sql`update sessions set ended_at = now() where id = ${ana.session}`;
  await here().sql`update users set banned_until = 'infinity' where id = ${ben.id}`;
  expect(await ana.exists()).toBe(false);
  await sender.send();
  expect([...ana.heard(), ...ben.heard()]).toEqual([]);
  sender.end();
});

test("a subscription that is over is removed; one that always fails is given up", async () => {
  const room = await here().startRoom("over");
  const [gone, unknown, failing] = [await come(), await come(), await come()];
  service().answer((path) => ({ status: path === gone.path ? 410 : path === unknown.path ? 404 : 403 }));
  const sender = start();
  for (let i = 0; i < 5; i++) {
    expect(await failing.exists()).toBe(true);
    await say(room, `try ${i}`, { mentions: [gone.id, unknown.id, failing.id] });
    await archive();
    await Promise.all([gone, unknown, failing].map((each) => each.mayHearAgain()));
    await sender.send();
    expect([await gone.exists(), await unknown.exists()]).toEqual([false, false]);
  }
  expect(await failing.exists()).toBe(false);
  for (const { path } of [gone, unknown])
    expect(service().asked.filter((each) => each === path)).toHaveLength(1);
  sender.end();
});

test("a service that is busy is tried again, three times at most; one that cuts the line is not, because it may have taken it", async () => {
  const room = await here().startRoom("busy");
  const [busy, cut, never] = [await come(), await come(), await come()];
  const retry = { "retry-after": "0.05" };
  service().answer((path, count) => {
    if (path === cut.path) return "cut";
    return path === busy.path && count > 1 ? { status: 201 } : { status: 503, headers: retry };
  });
  const sender = start();
  await say(room, "hello", { mentions: [busy.id, cut.id, never.id] });
  await archive();
  await sender.send();
  const asked = (path: string) => service().asked.filter((each) => each === path).length;
  expect([asked(busy.path), asked(cut.path), asked(never.path)]).toEqual([2, 1, 3]);
  expect(busy.heard()).toHaveLength(1);
  expect(await cut.exists()).toBe(true);
  sender.end();
});

test("a service that says nothing holds up nobody: neither the archive nor other people's notifications", async () => {
  const room = await here().startRoom("silent");
  const [silent, ana] = [await come(), await come()];
  service().answer((path) => (path === silent.path ? "hang" : { status: 201 }));
  const sender = start();
  await say(room, "hello", { mentions: [silent.id] });
  await archive();
  sender.wake();
  await sender.run();
  await until("the silent service has the message", () => service().asked.includes(silent.path));
  await say(room, "hello too", { mentions: [ana.id] });
  await archive();
  sender.wake();
  await sender.run();
  await until("the other one hears it", () => ana.heard().length === 1);
  expect(await here().texts(room)).toEqual(["hello", "hello too"]);
  sender.end();
});

test("a name that leads into our own network is not asked, and the subscription is given up in the end", async () => {
  const room = await here().startRoom("inside");
  const ana = await come();
  const sender = start([]);
  await say(room, "hello", { mentions: [ana.id] });
  await archive();
  await sender.send();
  expect(service().asked).toEqual([]);
  expect(sender.counted.get("refused")).toBe(1);
  sender.end();
});
