import { expect, test } from "vitest";
import { type MessageNow, outboxRecords } from "./outbox-records.ts";

const target = { cluster: "c1", prefix: "suda", shardOf: (room: string) => room.length };
const recordOf = (topic: string, key: string, value: unknown) =>
  outboxRecords([{ place: 7, topic, key, value, at: 1_000 }], new Map(), target)[0];

test("a change of a user is a record under their id, which names the change", () => {
  const user = { id: "u1", nickname: "수다", role: "user" };
  expect(recordOf("users", "u1", user)).toEqual({
    ...{ topic: "suda.users", partition: 0, key: "u1", value: JSON.stringify(user) },
    headers: {
      ce_specversion: "1.0",
      ce_id: "users/u1/7",
      ce_source: "/suda/c1",
      ce_type: "suda.user",
      ce_time: "1970-01-01T00:00:01.000Z",
      ce_subject: "u1",
      "content-type": "application/json",
    },
  });
});

test("an act has its own time, and an id that stays when it is published for another Kafka", () => {
  expect(recordOf("private.audit", "12", { id: "12", at: 2_000 })).toMatchObject({
    topic: "suda.private.audit",
    headers: { ce_id: "audit/12", ce_time: "1970-01-01T00:00:02.000Z", ce_type: "suda.act" },
  });
});

test("several answers may have the id of one command, and each has an id of its own", () => {
  expect(recordOf("command-results", "c1", { ok: true })?.headers).toMatchObject({
    ...{ ce_id: "command-results/c1/7", ce_subject: "c1", ce_type: "suda.command-result" },
  });
});

test("a message that is gone is a key without anything, in the partition of its room", () => {
  expect(recordOf("messages", "room/12", undefined)).toEqual({
    topic: "suda.messages",
    partition: 4,
    key: "room/12",
  });
});

test("a message that changed is published as it is now, under the id of its event", () => {
  const message: MessageNow = {
    ...{
      seq: 2_000_012,
      at: 5_000,
      kind: "message",
      userId: "u1",
      nickname: null,
      clientId: "c",
      text: "hi",
    },
    ...{ deleted: false, data: null, epoch: 2_000_000 },
  };
  const row = { place: 7, topic: "messages", key: "tea/2000012", value: {}, at: 1_000 };
  const [record] = outboxRecords([row], new Map([[7, message]]), target);
  expect(JSON.parse(String(record?.value))).toMatchObject({
    room: "tea",
    user: { nickname: "closed account" },
  });
  expect(record?.headers).toMatchObject({
    ...{ ce_id: "tea/2000000/2000012", ce_time: "1970-01-01T00:00:05.000Z", ce_sequence: "2000012" },
  });
  const [deleted] = outboxRecords([row], new Map([[7, { ...message, deleted: true }]]), target);
  expect(deleted).toEqual({ topic: "suda.messages", partition: 3, key: "tea/2000012" });
});
