import { expect, test } from "vitest";
import { createIgnored } from "./ignored.ts";
import type { Store } from "./storage.ts";

function setUp(kept: unknown) {
  const world = { kept };
  const store: Store = {
    read: (_, looksRight) => (looksRight(world.kept) ? world.kept : undefined),
    write: (_, value) => {
      world.kept = value;
    },
  };
  return { world, store };
}

test("ignored people stay ignored on the next visit, until they are forgiven", () => {
  const { world, store } = setUp(undefined);
  const ignored = createIgnored(store);
  ignored.add({ id: "a", nickname: "Ann" });
  ignored.add({ id: "a", nickname: "Ann, renamed" });
  const later = createIgnored(store);
  expect(later.has("a")).toBe(true);
  expect(later.people.value).toEqual([{ id: "a", nickname: "Ann, renamed" }]);
  later.remove("a");
  expect(later.has("a")).toBe(false);
  expect(world.kept).toBeUndefined();
});

test("what another version left behind is no reason to fail", () => {
  expect(createIgnored(setUp(["a", null]).store).people.value).toEqual([]);
});

test("of ignored people neither words nor names are shown, and what concerns the room is", () => {
  const ignored = createIgnored(setUp([{ id: "a", nickname: "Ann" }]).store);
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
