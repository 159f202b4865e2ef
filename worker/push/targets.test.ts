import { expect, test } from "vitest";
import { peopleOf } from "./targets.ts";

const [ANA, BEN, CHO] = [1, 2, 3].map((n) => `01936f6e-0000-7000-8000-00000000000${n}`) as [
  string,
  string,
  string,
];
const row = (data: object | undefined, more: object = {}) => ({
  ...{ kind: "message", deleted: false, userId: ANA, data: data ? JSON.stringify(data) : null },
  ...more,
});
const mention = (id: unknown) => ({ id, start: 0, length: 3 });

test("the mentioned and the author of the message above are concerned, each once", () => {
  const people = peopleOf(
    row({ mentions: [mention(BEN), mention(BEN), mention(CHO)], reply: { seq: 4, user: BEN } }),
  );
  expect(people).toEqual([
    { userId: BEN, kind: "mention" },
    { userId: CHO, kind: "mention" },
  ]);
  expect(peopleOf(row({ reply: { seq: 4, user: BEN } }))).toEqual([{ userId: BEN, kind: "reply" }]);
});

test("nobody hears of their own message, and nobody of anything that is no message", () => {
  expect(peopleOf(row({ mentions: [mention(ANA)], reply: { seq: 1, user: ANA } }))).toEqual([]);
  const others = { mentions: [mention(BEN)] };
  expect(peopleOf(row(others, { kind: "notice" }))).toEqual([]);
  expect(peopleOf(row(others, { deleted: true }))).toEqual([]);
  expect(peopleOf(row(others, { userId: null }))).toEqual([]);
  expect(peopleOf(row(undefined))).toEqual([]);
});

test("ids that are none cannot fail a batch", () => {
  const odd = [5, null, "", "x'; drop table users", BEN.toUpperCase(), [BEN], { id: BEN }];
  expect(peopleOf(row({ mentions: odd.map(mention), reply: { user: "me" } }))).toEqual([]);
  for (const mentions of [null, 5, "x", {}, [null], [5], [[]]])
    expect(peopleOf(row({ mentions, reply: mentions }))).toEqual([]);
});
