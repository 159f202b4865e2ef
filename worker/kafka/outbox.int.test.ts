/** The outbox: changes come in the order in which they became true, and without anything that Kafka is not to have. */
import { randomUUID } from "node:crypto";
import Compile from "typebox/compile";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { KAFKA_VALUES } from "../../shared/kafka-schemas.ts";
import { eraseClosed } from "../closed-accounts.ts";
import { fillOutbox, turnOff, turnOn } from "./outbox.ts";
import { createOutboxChangeQueries, createOutboxQueries, type MessagePlace } from "./outbox-queries.ts";
import { type OutboxEnvironment, openOutboxEnvironment } from "./testing/outbox-environment.ts";

const PRIVATE_ROOM = `p-${"a".repeat(26)}`;
let environment: OutboxEnvironment;
beforeAll(async () => {
  environment = await openOutboxEnvironment("outbox_gateway");
});
afterAll(() => environment.close());
beforeEach(async () => {
  await turnOff(environment.sql);
  environment.newKafka();
  await environment.sql`truncate users, rooms, audit, kafka_outbox, deleted_rooms, messages restart identity cascade`;
  await environment.sql`update kafka_parts set acts_upto = 0`;
});

const begin = async (withPrivate = false): Promise<void> => {
  await turnOn(environment.sql, { withPrivate });
  await fillOutbox(environment.sql, { withPrivate }, environment.mark());
};
const signUp = async (nickname: string): Promise<string> => {
  const id = randomUUID();
  await environment.gateway`
    insert into users (id, email, email_key, nickname, nickname_key, password_hash)
    values (${id}, ${`${nickname}@secret`}, ${`${nickname}@secret`}, ${nickname}, ${nickname}, 'secret')`;
  return id;
};
const close = (id: string) =>
  environment.gateway`update users set closed_at = now(), nickname = 'closed account', email = null where id = ${id}`;
const makeRoom = async (name: string): Promise<void> => {
  const { gateway } = environment;
  if (name === PRIVATE_ROOM)
    await gateway`
      insert into rooms (name, title, kind, archived_at, history_hidden, let_go_at) values (${name}, 'Ours', 'private', now(), true, now())`;
  else await gateway`insert into rooms (name, title) values (${name}, ${`Room ${name}`})`;
};
const removeRoom = (name: string) =>
  environment.gateway`select delete_room(id, 9) from rooms where name = ${name}`;
const record = (act: string, room: string | null, detail: Record<string, string> = {}) =>
  environment.gateway`
    insert into audit (act, room, detail) values (${act}, ${room}, ${environment.gateway.json(detail)})`;
const acts = (topic = "audit"): unknown[] =>
  environment.of(topic).map(({ value }) => (value as { act: string }).act);

it("a gateway's changes are published as their readers may know them, and a closed account deletes its key", async () => {
  await begin();
  const [ann, bob] = [await signUp("ann"), await signUp("bob")];
  await environment.gateway`update users set nickname = 'anna' where id = ${ann}`;
  await environment.gateway`update users set email = 'other@secret', restricted_reason = 'secret' where id = ${ann}`;
  await close(bob);
  await environment.publish();
  expect(environment.of("users").map(({ key, value }) => [key, value])).toEqual([
    [ann, { id: ann, nickname: "ann", role: "user" }],
    [bob, { id: bob, nickname: "bob", role: "user" }],
    [ann, { id: ann, nickname: "anna", role: "user" }],
    [bob, undefined],
  ]);
});

it("rooms come with what people see of them, not with each message, and a deleted one deletes its key", async () => {
  await begin();
  await makeRoom("tea");
  await environment.sql`update rooms set last_seq = 7, epoch_seq = 2 where name = 'tea'`;
  await environment.gateway`update rooms set title = 'Green tea', slow_mode_ms = 500 where name = 'tea'`;
  await environment.gateway`update rooms set archived_at = now(), history_hidden = true where name = 'tea'`;
  await makeRoom("gone");
  await removeRoom("gone");
  await environment.publish();
  const createdAt = expect.any(Number);
  expect(environment.of("rooms").map(({ value }) => value)).toEqual([
    { name: "tea", title: "Room tea", slowModeMs: 0, createdAt },
    { name: "tea", title: "Green tea", slowModeMs: 500, createdAt },
    { name: "tea", title: "Green tea", slowModeMs: 500, createdAt, archived: "hidden" },
    { name: "gone", title: "Room gone", slowModeMs: 0, createdAt },
    undefined,
  ]);
});

it("each message of a deleted room deletes its key, whatever became of it before", async () => {
  await begin(true);
  await makeRoom("gone");
  await makeRoom(PRIVATE_ROOM);
  await environment.sql`
    insert into messages (room_id, seq, day, time, kind, deleted)
    select id, seq, current_date, '12:00', case when seq < 4 then 'message' else 'notice' end, seq = 2
    from rooms cross join generate_series(1, 5) seq`;
  await removeRoom("gone");
  await environment.sql`delete from messages`;
  await environment.publish();
  expect(environment.of("messages").map(({ key, value }) => [key, value])).toEqual(
    [1, 2, 3].map((seq) => [`gone/${seq}`, undefined]),
  );
  expect(environment.of("private.messages").map(({ key }) => key)).toEqual(
    [1, 2, 3].map((seq) => `${PRIVATE_ROOM}/${seq}`),
  );
});

it("the messages of a closed account are to be published again when its name is erased, and those of others are not", async () => {
  const { sql } = environment;
  const [ann, bob] = [await signUp("ann"), await signUp("bob")];
  await makeRoom("tea");
  await makeRoom(PRIVATE_ROOM);
  await sql`
    insert into messages (room_id, seq, day, time, kind, user_id, nickname, text)
    select id, seq, current_date, '12:00', 'message', case seq when 1 then ${ann}::uuid else ${bob}::uuid end, 'name', 'hi'
    from rooms cross join generate_series(1, 2) seq`;
  await begin();
  await environment.publish();
  await close(ann);
  await sql`update users set closed_at = now() - interval '2 hours' where id = ${ann}`;
  expect(await eraseClosed(sql)).toBe(2);
  await environment.publish();
  const again = environment.published.filter(({ topic }) => topic.endsWith("messages"));
  expect(again).toMatchObject([{ topic: "messages", key: "tea/1", value: { seq: 1 } }]);
  const [{ day, ...place } = { day: "", roomId: 0, seq: 0 }] = again.map(
    ({ value }) => value as MessagePlace,
  );
  expect(await createOutboxQueries(sql).readMessages(day, [place])).toMatchObject([
    { index: 0, seq: 1, epoch: 0, nickname: null, text: "hi", deleted: false },
  ]);
});

it("private rooms, and acts that name one, are published only when that is wanted", async () => {
  await begin();
  await makeRoom(PRIVATE_ROOM);
  await record("delete", PRIVATE_ROOM);
  await record("report_handled", null, { room: PRIVATE_ROOM });
  await record("mute", null);
  await environment.publish();
  expect(JSON.stringify(environment.published)).not.toContain(PRIVATE_ROOM);
  expect(acts()).toEqual(["mute"]);

  await begin(true);
  await record("remove", PRIVATE_ROOM);
  await record("unmute", null);
  await environment.publish();
  expect(acts("private.audit")).toEqual(["delete", "report_handled", "remove"]);
  expect(acts()).toEqual(["mute", "unmute"]);
  expect(environment.of("private.rooms")).toMatchObject([
    { key: PRIVATE_ROOM, value: { title: "Ours", kind: "private" } },
  ]);

  await begin(false);
  await record("delete", PRIVATE_ROOM);
  await environment.publish();
  expect(environment.of("private.audit")).toHaveLength(3);
});

it("the first state is there from the beginning, in the order of the acts, and once also for a worker that starts again", async () => {
  const [ann, bob] = [await signUp("ann"), await signUp("bob")];
  await close(bob);
  await makeRoom("tea");
  for (const act of ["one", "two", "three"]) await record(act, "tea");
  await begin();
  await begin();
  await environment.publish({ max: 2, forgets: false });
  await begin();
  await environment.publish();
  expect(environment.of("users").map(({ key }) => key)).toEqual([ann]);
  expect(environment.of("rooms").map(({ key }) => key)).toEqual(["tea"]);
  expect(acts()).toEqual(["one", "two", "three"]);
});

it("the first state takes no locks that a change waits for, and a change behind it comes behind it", async () => {
  const ann = await signUp("ann");
  await turnOn(environment.sql, { withPrivate: false });
  await environment.sql.begin(async (tx) => {
    const { freeze, fill } = createOutboxChangeQueries(tx);
    await freeze();
    await fill("public", true);
    await environment.gateway`update users set nickname = 'anna' where id = ${ann}`;
  });
  await environment.publish();
  expect(environment.compacted("users").get(ann)).toMatchObject({ nickname: "anna" });
});

it("nothing exists of it while Kafka is off, and afterwards Kafka gets what it missed, each act once", async () => {
  const ann = await signUp("ann");
  await makeRoom("tea");
  await begin();
  await record("first", "tea");
  await environment.publish({ forgets: false });
  await record("second", "tea");
  await turnOff(environment.sql);
  expect(await environment.sql`select from pg_trigger where tgname like 'kafka%'`).toHaveLength(0);
  expect(await environment.sql`select value from kafka_outbox where value is not null`).toHaveLength(0);
  await close(ann);
  await removeRoom("tea");
  await record("third", null);
  await begin();
  await environment.publish();
  expect(acts()).toEqual(["first", "second", "third"]);
  expect(environment.compacted("users").get(ann)).toBeUndefined();
  expect(environment.compacted("rooms").get("tea")).toBeUndefined();
});

it("a new Kafka gets everything, also what an older one has", async () => {
  await signUp("ann");
  await begin();
  await record("first", null);
  await environment.publish();
  environment.newKafka();
  await begin();
  await record("second", null);
  await environment.publish();
  expect(acts()).toEqual(["first", "second"]);
  expect(environment.of("users")).toHaveLength(1);
});

it("results of commands outlive that Kafka is off", async () => {
  await environment.sql`insert into kafka_outbox (topic, key, value) values ('command-results', 'c1', '{"ok": true}')`;
  await turnOff(environment.sql);
  await begin();
  await environment.publish();
  expect(environment.of("command-results").map(({ value }) => value)).toEqual([{ ok: true }]);
});

it("values are as their schemas say", async () => {
  const ann = await signUp("ann");
  await environment.gateway`insert into audit (act, by_user, user_id, room, seq) values ('delete', ${ann}, ${ann}, 'tea', 7)`;
  await environment.gateway`insert into audit (act, detail) values ('role', '{"role": "admin"}')`;
  await makeRoom("tea");
  await makeRoom(PRIVATE_ROOM);
  await begin(true);
  await environment.gateway`update rooms set archived_at = now(), pinned_seq = 3 where name = 'tea'`;
  await environment.publish();
  expect(environment.published).toHaveLength(6);
  for (const { topic, value } of environment.published) {
    const name = topic.replace("private.", "") as "users" | "rooms" | "audit";
    expect([...Compile(KAFKA_VALUES[name]).Errors(value)], topic).toEqual([]);
  }
});

it("rows whose publication failed come again with the places that they had", async () => {
  await begin();
  for (const act of ["one", "two", "three"]) await record(act, null);
  await environment.publish({ max: 2, fails: true });
  await record("four", null);
  await environment.publish({ max: 2 });
  expect(acts()).toEqual(["one", "two", "three", "four"]);
  expect(environment.published.map(({ place }) => place)).toEqual(
    environment.published.map((_, index) => index + 1),
  );
  expect(await environment.sql`select from kafka_outbox`).toHaveLength(0);
});
