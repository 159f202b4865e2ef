/** Users, rooms and the audit in a real Kafka: each change once, and the compacted topics as PostgreSQL is, whatever happened meanwhile. */
import { randomUUID } from "node:crypto";
import Compile from "typebox/compile";
import { afterAll, beforeAll, expect, test } from "vitest";
import { KAFKA_HEADERS, KAFKA_VALUES } from "../../shared/kafka-schemas.ts";
import { describeKafka, recordsOf, useKafka } from "../../test/support/kafka.ts";
import { eraseClosed } from "../closed-accounts.ts";
import { emptyClosed } from "../testing/empty-closed.ts";
import { openTestEnvironment, type TestEnvironment } from "../testing/test-environment.ts";
import { turnOff } from "./outbox.ts";
import { findFaults } from "./testing/judge.ts";
import { openTestPublisher } from "./testing/publishing.ts";

const PRIVATE_ROOM = `p-${"b".repeat(26)}`;

describeKafka("the outbox", () => {
  const suite = useKafka();
  let environment: TestEnvironment;
  let count = 0;
  beforeAll(async () => {
    environment = await openTestEnvironment();
  });
  afterAll(async () => environment?.close());

  const signUp = async (nickname: string): Promise<string> => {
    const id = randomUUID();
    await environment.sql`insert into users (id, nickname) values (${id}, ${nickname})`;
    return id;
  };
  const close = (id: string) =>
    environment.sql`update users set closed_at = now() - interval '2 hours', nickname = 'closed account' where id = ${id}`;
  const record = (act: string, room: string) =>
    environment.sql`insert into audit (act, room) values (${act}, ${room})`;
  const say = async (room: string, user: string): Promise<void> => {
    const name = { id: user, nickname: "the name" };
    await environment.put(room, (seq) =>
      JSON.stringify({
        type: "message",
        room,
        seq,
        at: Date.now(),
        user: name,
        clientId: `c${seq}`,
        text: "hi",
      }),
    );
  };
  const removeRoom = async (room: string): Promise<void> => {
    await environment.scripts.seal(room);
    await environment.sql`select delete_room(id, 0) from rooms where name = ${room}`;
    await emptyClosed(environment);
  };
  const last = async (topic: string): Promise<Map<string, unknown>> =>
    new Map(
      (await recordsOf(suite.kafka, topic)).map(({ key = "", value }) => [
        key,
        value && JSON.parse(value.toString()),
      ]),
    );

  /** Events stay as they were when they were published. */
  const wrongMessages = async (prefix: string): Promise<string[]> =>
    (await findFaults(environment.sql, suite.kafka, prefix)).filter((fault) => fault.startsWith("message "));

  test("each change is there once, in publications before and after one another, and messages are as PostgreSQL has them", async () => {
    const prefix = `${suite.prefix}-${++count}`;
    const [ann, bob] = [await signUp("ann"), await signUp("bob")];
    for (const room of ["tea", "gone"]) {
      await environment.startRoom(room);
      for (const user of [ann, bob]) await say(room, user);
    }
    await environment.remove("tea", 1);
    await record("pin", "tea");
    for (const step of ["first", "again"]) {
      const publisher = openTestPublisher(environment, suite.kafka, prefix);
      await publisher.archive();
      const { stop } = publisher.start();
      await publisher.published();
      if (step === "first") {
        await environment.sql`update users set nickname = 'anna' where id = ${ann}`;
        await close(bob);
        await eraseClosed(environment.sql);
        await removeRoom("gone");
        await record("room_deleted", "gone");
      }
      await publisher.published();
      await stop();
    }
    expect(await wrongMessages(prefix)).toEqual([]);
    const users = (await recordsOf(suite.kafka, `${prefix}.users`)).map(({ key, value, headers }) => [
      ...[key, value?.toString().includes("anna"), headers.ce_type],
    ]);
    expect(users.filter(([key]) => key === ann)).toEqual([
      [ann, false, "suda.user"],
      [ann, true, "suda.user"],
    ]);
    expect(users.filter(([key]) => key === bob).at(-1)).toEqual([bob, undefined, undefined]);
    expect((await last(`${prefix}.rooms`)).get("gone")).toBeUndefined();
    const acts = (await recordsOf(suite.kafka, `${prefix}.audit`)).map(
      ({ value }) => JSON.parse(String(value)).act,
    );
    expect(acts).toEqual(["pin", "room_deleted"]);
    for (const [name, schema] of Object.entries(KAFKA_VALUES).filter(([name]) => !name.startsWith("command")))
      for (const { value, headers } of await recordsOf(suite.kafka, `${prefix}.${name}`)) {
        if (value === undefined) continue;
        const ofHeaders = KAFKA_HEADERS[name === "events" ? "event-headers" : "headers"];
        expect([...Compile(schema).Errors(JSON.parse(value.toString()))], name).toEqual([]);
        expect([...Compile(ofHeaders).Errors(headers)], name).toEqual([]);
      }
  });

  test("changes of a time in which Kafka was off in the settings are caught up with, also in topics of private rooms", async () => {
    const prefix = `${suite.prefix}-${++count}`;
    const [ann, bob] = [await signUp("ann"), await signUp("bob")];
    const { sql } = environment;
    for (const room of ["milk", "off"]) {
      await environment.startRoom(room);
      for (const user of [ann, bob]) await say(room, user);
    }
    await sql`
      insert into rooms (name, title, kind, archived_at, history_hidden, let_go_at)
      values (${PRIVATE_ROOM}, 'Ours', 'private', now(), true, now())`;
    await environment.openRoom(PRIVATE_ROOM);
    await say(PRIVATE_ROOM, bob);
    const publish = async (): Promise<void> => {
      const publisher = openTestPublisher(environment, suite.kafka, prefix, true);
      await publisher.archive();
      const { stop } = publisher.start();
      await publisher.published();
      await stop();
    };
    await publish();
    const before = await last(`${prefix}.private.messages`);
    expect(before.get(`${PRIVATE_ROOM}/1`)).toMatchObject({ user: { nickname: "the name" } });
    await turnOff(sql);
    await close(bob);
    await eraseClosed(sql);
    await removeRoom("off");
    await publish();
    expect(await wrongMessages(prefix)).toEqual([]);
    expect((await last(`${prefix}.users`)).get(bob)).toBeUndefined();
    const after = await last(`${prefix}.private.messages`);
    expect(after.get(`${PRIVATE_ROOM}/1`)).toMatchObject({ user: { nickname: "closed account" } });
    expect((await last(`${prefix}.private.rooms`)).get(PRIVATE_ROOM)).toMatchObject({ title: "Ours" });
    expect(JSON.stringify([...(await last(`${prefix}.rooms`)).keys()])).not.toContain(PRIVATE_ROOM);
  });
});
