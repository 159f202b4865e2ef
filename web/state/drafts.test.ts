import { expect, test } from "vitest";
import { createDrafts } from "./drafts.ts";
import type { Store } from "./storage.ts";

function openTab() {
  const kept = new Map<string, unknown>();
  const store: Store = {
    read: (key, looksRight) => {
      const value = kept.get(key);
      return looksRight(value) ? value : undefined;
    },
    write: (key, value) => void (value === undefined ? kept.delete(key) : kept.set(key, value)),
  };
  return { kept, load: () => createDrafts(store) };
}

test("who comes back after being logged out finds the draft again, also after a reload", () => {
  const tab = openTab();
  const drafts = tab.load();
  drafts.ownedBy("u1");
  drafts.keep("lobby", "half a sen");
  const reloaded = tab.load();
  reloaded.ownedBy("u1");
  expect(reloaded.of("lobby")).toBe("half a sen");
});

test("nobody else does", () => {
  const tab = openTab();
  const drafts = tab.load();
  drafts.ownedBy("u1");
  drafts.keep("lobby", "half a sen");
  drafts.ownedBy("u2");
  expect(drafts.of("lobby")).toBe("");
  drafts.ownedBy("u1");
  expect(drafts.of("lobby")).toBe("");
});

test("who logs out leaves nothing behind", () => {
  const tab = openTab();
  const drafts = tab.load();
  drafts.ownedBy("u1");
  drafts.keep("lobby", "half a sen");
  drafts.clear();
  expect([drafts.of("lobby"), tab.kept.get("drafts-of")]).toEqual(["", undefined]);
});
