import { expect, test } from "vitest";
import { PLAIN_MAX } from "./encrypt.ts";
import { bytesOf, messageFor, topicOf } from "./payload.ts";
import type { News } from "./push-queries.ts";

const ANA = "ana";
const news = (seq: number, more: Partial<News> = {}): News => ({
  ...{ userId: ANA, room: "tea", title: "차", isDirect: false, seq, at: seq, authorId: "ben", author: "벤" },
  ...{ text: `말 ${seq}`, kind: "mention", count: 1 },
  ...more,
});
const browser = { userId: ANA, hideText: false, ignored: [] as string[], language: null };

test("one message stands for all that came, and shows the newest", () => {
  expect(messageFor(browser, [news(1), news(2, { kind: "reply" })])).toEqual({
    ...{
      to: ANA,
      room: "tea",
      title: "차",
      seq: 2,
      at: 2,
      kind: "reply",
      author: "벤",
      count: 2,
      text: "말 2",
    },
  });
  expect(messageFor(browser, [news(1, { isDirect: true })])).toMatchObject({ direct: true });
});

test("a text that the person wants hidden does not leave the cluster", () => {
  expect(JSON.stringify(messageFor({ ...browser, hideText: true }, [news(1)]))).not.toContain("말 1");
});

test("ignored people notify of nothing", () => {
  const ignoring = { ...browser, ignored: ["cho"] };
  expect(messageFor(ignoring, [news(1), news(2, { authorId: "cho" })])).toMatchObject({ seq: 1, count: 1 });
  expect(messageFor(ignoring, [news(2, { authorId: "cho" })])).toBeUndefined();
  expect(messageFor(browser, [])).toBeUndefined();
});

test("names of any length fit, by leaving the text out", () => {
  const long = messageFor(browser, [
    news(1, { text: "가".repeat(1_000), title: "👨‍👩‍👧".repeat(200), author: "a".repeat(900) }),
  ]);
  if (!long) throw new Error("no message");
  expect(Buffer.byteLength(bytesOf(long))).toBeLessThanOrEqual(PLAIN_MAX);
  expect(topicOf("tea")).toMatch(/^[A-Za-z0-9_-]{32}$/);
});
