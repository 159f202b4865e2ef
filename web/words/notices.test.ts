import { expect, test } from "vitest";
import type { NoticeEvent } from "../../shared/server-frames.ts";
import { en } from "./en.ts";
import { ko } from "./ko.ts";
import { noticeSentence } from "./sentences.ts";
import { spanIn } from "./span.ts";

const at = 1_800_000_000_000;
const notice = (over: Partial<NoticeEvent>): NoticeEvent => ({
  type: "notice",
  room: "lobby",
  seq: 1,
  at,
  code: "renamed",
  ...over,
});
const user = { id: "u", nickname: "Ann" };
const both = (over: Partial<NoticeEvent>) =>
  [en, ko].map((words) => noticeSentence(words, notice(over)).replace(/[\u2068\u2069]/g, ""));

test("a notice is a sentence with the names in it, in both languages", () => {
  expect(both({ user, before: "Anna" })).toEqual([
    "Anna is now called Ann.",
    "Anna님이 닉네임을 Ann으로 바꿨습니다.",
  ]);
  expect(both({ code: "muted", user, reason: "too loud", until: at + 599_000 })).toEqual([
    "Ann was muted for 10 minutes: too loud.",
    "Ann님의 채팅이 10분 동안 제한되었습니다 (too loud).",
  ]);
  expect(both({ code: "role", user, role: "moderator" })).toEqual([
    "Ann has a new role: Moderator.",
    "Ann님의 역할이 바뀌었습니다: 운영자.",
  ]);
  expect(both({ code: "slow_mode", user, slowModeMs: 15_000 })[0]).toBe(
    "Ann turned on slow mode: one message every 15 seconds.",
  );
  expect(both({ code: "slow_mode", user, slowModeMs: 0 })[1]).toBe("Ann님이 천천히 모드를 껐습니다.");
});

test("an announcement is its bot's name and its text, as it was written", () => {
  const text = "Closed tonight <b>";
  expect(both({ code: "announcement", user, text })).toEqual([
    "Announcement by Ann: Closed tonight <b>",
    "Ann님의 공지: Closed tonight <b>",
  ]);
  expect(noticeSentence(en, notice({ code: "announcement", user, text }))).toContain(`\u2068${text}\u2069`);
  // As it is shown to those who ignore the bot.
  expect(both({ code: "announcement", text })[0]).toBe("Something about this room was changed.");
});

test("a notice that names nobody, or that is newer than this page, is told in general terms", () => {
  expect(both({ code: "muted" })[0]).toBe("A moderator muted someone in this room.");
  expect(both({ code: "something-new" })[0]).toBe("Something about this room was changed.");
});

test("a span is told in its largest unit", () => {
  const span = spanIn("en");
  expect([5_000, 60_000, 3_598_000, 86_400_000, 604_800_000].map(span)).toEqual([
    "5 seconds",
    "1 minute",
    "1 hour",
    "1 day",
    "7 days",
  ]);
});
