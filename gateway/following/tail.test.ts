import fc from "fast-check";
import { expect, test } from "vitest";
import type { RoomChange } from "../../shared/server/redis/follow-store.ts";
import { createSpokenTo } from "./spoken-to.ts";
import { createTail, TAIL_MESSAGES } from "./tail.ts";

const said = (seq: number, author: string, ...spokenTo: string[]): RoomChange => ({
  ...{ kind: "message", seq, author, spokenTo },
});
const tailOf = (...changes: RoomChange[]) => {
  const tail = createTail("tea");
  tail.update({ epoch: "e", seq: 200, follows: false, from: 1, changes });
  return tail;
};

test("a removal takes the messages of its author from a seq on, and what they said to whom", () => {
  const tail = tailOf(said(1, "a"), said(2, "b", "me"), said(3, "a"), said(4, "b", "me"), {
    ...{ kind: "removed", author: "b", from: 3, below: 5 },
  });
  expect(tail.countsOf(0, "me")).toEqual({ unread: 3, mentions: 1 });
});

test("of a longer log than the tail only the newest are known, and mentions further back still count", () => {
  const tail = tailOf(said(1, "a", "me"), ...Array.from({ length: 300 }, (_, n) => said(n + 2, "a")));
  expect([tail.from, tail.countsOf(0, "me")]).toEqual([302 - TAIL_MESSAGES, { unread: 100, mentions: 1 }]);
  expect(tail.isTooShort(0, "me")).toBe(false);
});

test("in another epoch the tail starts over, because messages may be lost", () => {
  const tail = tailOf(said(1, "a", "me"), said(2, "a"));
  tail.update({ epoch: "f", seq: 900, follows: false, from: 900, changes: [said(901, "a")] });
  expect(tail.countsOf(0, "me")).toEqual({ unread: 1, mentions: 0 });
  expect(tail.isTooShort(0, "me")).toBe(true);
  tail.extend([{ seq: 1, author: "a", spokenTo: ["me"] }]);
  expect(tail.countsOf(0, "me")).toEqual({ unread: 2, mentions: 1 });
  expect(tail.isTooShort(0, "me")).toBe(false);
});

test("no count is ever negative, above 100, or counts more mentions than unread messages", () => {
  const change = fc.oneof(
    fc.record({ author: fc.constantFrom("me", "a", "b"), to: fc.constantFrom("", "me") }),
    fc.nat(300),
  );
  fc.assert(
    fc.property(fc.array(change, { maxLength: 250 }), fc.nat(260), (all, read) => {
      const tail = tailOf(
        ...all.map(
          (each, at): RoomChange =>
            typeof each === "number"
              ? { kind: "deleted", target: each }
              : said(at + 1, each.author, ...(each.to === "" ? [] : [each.to])),
        ),
      );
      const { unread, mentions } = tail.countsOf(read, "me");
      expect(mentions).toBeGreaterThanOrEqual(0);
      expect(unread).toBeGreaterThanOrEqual(mentions);
      expect(unread).toBeLessThanOrEqual(100);
    }),
  );
});

test("beyond a bound of messages the oldest that speak to somebody are forgotten", () => {
  const spoken = createSpokenTo();
  for (let seq = 1; seq <= 5_000; seq++) spoken.add(seq, [seq <= 10 ? "early" : `u${seq}`]);
  expect([spoken.count("early", 0), spoken.count("u5000", 0), spoken.count("u4500", 4_600)]).toEqual([
    0, 1, 0,
  ]);
});
