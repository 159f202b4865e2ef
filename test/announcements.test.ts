/** An announcement, as it goes through gateways and the archive, and to pages of any release. */
import { expect, test } from "vitest";
import { redactAuthor } from "../gateway/events/redact-author.ts";
import { eventForOlderClients } from "../gateway/history/older-clients.ts";
import { archivedEventJson } from "../shared/server/events/archived-event.ts";
import { draftNotice } from "../shared/server/redis/event-draft.ts";
import { readEvent } from "../worker/event-row.ts";

const AT = 1_800_000_000_000;
const bot = { id: "00000000-0000-8000-8000-000000000001", nickname: "bot" };
const text = 'Closed tonight, "text":"x","deleted":true} <b>';
const { prefix, suffix } = draftNotice(
  { room: "tea", clientId: "c-1" },
  { code: "announcement", user: bot, text },
);
const announcement = `${prefix}7,"at":${AT}${suffix}`;

test("the archive keeps an announcement byte for byte, and its text is no message's", () => {
  const read = readEvent("tea", { seq: 7, json: announcement });
  if (!read.ok) throw new Error(read.dead.reason);
  const { kind, userId, nickname, clientId, deleted, data, text: column } = read.row;
  expect({ kind, userId, text: column, deleted }).toEqual({
    kind: "notice",
    userId: null,
    text: null,
    deleted: false,
  });
  const row = { seq: 7, at: AT, kind, userId, nickname, clientId, text: column, deleted };
  expect(archivedEventJson("tea", { ...row, data: JSON.parse(data ?? "") })).toBe(announcement);
});

test("pages of the release before get it as it is, and show a sentence of their own", () => {
  expect(eventForOlderClients(announcement)).toBe(announcement);
});

test("once the bot's account is closed, its name is gone and the text stays", () => {
  const redacted = JSON.parse(redactAuthor(announcement, (id) => id === bot.id)) as object;
  expect(redacted).toEqual({ ...JSON.parse(announcement), user: { id: bot.id, nickname: "closed account" } });
});
