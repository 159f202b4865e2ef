import { expect, test } from "vitest";
import { CLOSED_NICKNAME } from "../../shared/server/events/archived-event.ts";
import { createClosedAccounts } from "./closed-accounts.ts";

const message = (id: string, text = "hi") =>
  JSON.stringify({
    type: "message",
    room: "tea",
    seq: 7,
    at: 1,
    user: { id, nickname: "Ana" },
    clientId: "c",
    text,
  });

test("a message of a closed account keeps everything but the name", async () => {
  const closed = createClosedAccounts(async () => ["u1"]);
  await closed.load();
  expect(JSON.parse(closed.redact(message("u1")))).toEqual({
    ...JSON.parse(message("u1")),
    user: { id: "u1", nickname: CLOSED_NICKNAME },
  });
  expect(closed.redactBytes(Buffer.from(message("u1"))).toString()).toBe(closed.redact(message("u1")));
});

test("a notice of a new name tells neither of the two", () => {
  const closed = createClosedAccounts(async () => []);
  closed.add("u1");
  const notice = JSON.stringify({
    type: "notice",
    code: "renamed",
    user: { id: "u1", nickname: "Ana" },
    before: "Bea",
  });
  expect(closed.redact(notice)).not.toMatch(/Ana|Bea/);
});

test("messages of others stay as they are, byte for byte, also when they quote the closed one", () => {
  const closed = createClosedAccounts(async () => []);
  closed.add("u1");
  const bytes = Buffer.from(message("u2", 'look: "user":{"id":"u1"'));
  expect(closed.redactBytes(bytes)).toBe(bytes);
});

test("an event of nobody stays as it is", () => {
  const closed = createClosedAccounts(async () => []);
  closed.add("u1");
  const deleted = JSON.stringify({ type: "deleted", seq: 9, target: 7, by: "u1" });
  expect(closed.redact(deleted)).toBe(deleted);
});

test("a message of a closed account says no more what its author was", () => {
  const closed = createClosedAccounts(async () => []);
  closed.add("u1");
  const said = JSON.stringify({ ...JSON.parse(message("u1")), role: "moderator" });
  expect(JSON.parse(closed.redact(said))).not.toHaveProperty("role");
  expect(JSON.parse(closed.redact(said.replace("u1", "u2")))).toHaveProperty("role", "moderator");
});
