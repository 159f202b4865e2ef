import { expect, test } from "vitest";
import { createFakeBrowser } from "../sync/storage.fake.ts";
import { createIgnored } from "./ignored.ts";
import { openFakePage } from "./kept.fake.ts";

const [ANN, BOB] = [
  { id: "a", nickname: "Ann" },
  { id: "b", nickname: "Bob" },
];

test("ignored people stay ignored on the next visit, until they are forgiven", () => {
  const { tab, kept } = openFakePage();
  const ignored = createIgnored(kept);
  ignored.add({ id: "a", nickname: "Ann" });
  ignored.add({ id: "a", nickname: "Ann, renamed" });
  const later = createIgnored(openFakePage(tab).kept);
  expect(later.has("a")).toBe(true);
  expect(later.people.value).toEqual([{ id: "a", nickname: "Ann, renamed" }]);
  later.remove("a");
  expect(later.has("a")).toBe(false);
});

test("two tabs add to one list and take from it, and neither undoes what the other did", () => {
  const browser = createFakeBrowser();
  const [one, other] = [0, 1].map(() => createIgnored(openFakePage(browser.openTab(), "u1").kept));
  const bothShow = (...people: { id: string; nickname: string }[]) => {
    for (const each of [one, other]) expect(each?.people.value).toEqual(people);
  };
  bothShow();
  one?.add(ANN);
  bothShow(ANN);
  other?.add(BOB);
  bothShow(ANN, BOB);
  other?.remove("a");
  bothShow(BOB);
});

test("another account ignores whom it chose itself", () => {
  const { owner, kept } = openFakePage(undefined, "u1");
  const ignored = createIgnored(kept);
  ignored.add(ANN);
  owner.value = "u2";
  expect(ignored.people.value).toEqual([]);
  ignored.add(BOB);
  owner.value = "u1";
  expect(ignored.people.value).toEqual([ANN]);
});

test("of ignored people neither words nor names are shown, and what concerns the room is", () => {
  const ignored = createIgnored(openFakePage().kept);
  ignored.add(ANN);
  const [ann, bob] = [
    { id: "a", nickname: "BUY HERE" },
    { id: "b", nickname: "Bob" },
  ];
  const base = { room: "lobby", at: 1 };
  const notice = (seq: number, code: string, user: typeof ann) =>
    ({ ...base, type: "notice", seq, code, user, before: "BUY THERE" }) as const;
  const left = ignored.leftOf([
    { ...base, type: "message", seq: 1, user: ann, clientId: "c", text: "buy" },
    { ...base, type: "message", seq: 2, user: bob, clientId: "c", text: "hi" },
    notice(3, "renamed", ann),
    notice(4, "renamed", bob),
    notice(5, "muted", ann),
    notice(6, "slow_mode", ann),
    notice(7, "role", ann),
  ]);
  expect(left.map(({ seq }) => seq)).toEqual([2, 4, 5, 6, 7]);
  expect(JSON.stringify(left.slice(2))).not.toContain("BUY");
});
