/** The role of a message's author, from the log of a room through the archive to a page of history. */

import { expect, test } from "vitest";
import { archivedEventJson } from "../shared/server/events/archived-event.ts";
import { readEvent } from "../worker/event-row.ts";

const message = { type: "message", room: "tea", seq: 7, at: 1_000, user: { id: "u1", nickname: "Ada" } };

function archived(event: object): object {
  const read = readEvent("tea", { seq: 7, json: JSON.stringify(event) });
  if (!read.ok) throw new Error(read.dead.reason);
  const { kind, userId, nickname, clientId, text, deleted, data } = read.row;
  const row = { seq: 7, at: 1_000, kind, userId, nickname, clientId, text, deleted };
  return JSON.parse(archivedEventJson("tea", { ...row, data: data === null ? null : JSON.parse(data) }));
}

test.each(["moderator", "admin", undefined])("comes back as it was said: %s", (role) => {
  const said = { ...message, ...(role && { role }), clientId: "c1", text: "hello" };
  expect(archived(said)).toEqual(said);
});

test("stays with what is left of a deleted message", () => {
  const left = { ...message, role: "moderator", clientId: "c1", deleted: true };
  expect(archived(left)).toEqual(left);
});
