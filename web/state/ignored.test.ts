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
