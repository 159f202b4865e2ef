import { expect, test } from "vitest";
import { GUEST } from "../sync/storage.ts";
import { createDrafts } from "./drafts.ts";
import { openFakePage } from "./kept.fake.ts";

test("a person who comes back after being logged out finds the draft again, also after a reload", () => {
  const { tab, owner, kept } = openFakePage(undefined, "u1");
  const drafts = createDrafts(kept);
  drafts.keep("lobby", "half a sen");
  owner.value = GUEST;
  expect([drafts.of("lobby"), drafts.isLeft("u1", "lobby"), drafts.isLeft("u1", "tea")]).toEqual([
    "",
    true,
    false,
  ]);
  const reloaded = openFakePage(tab);
  const draftsThen = createDrafts(reloaded.kept);
  expect(draftsThen.of("lobby")).toBe("");
  reloaded.owner.value = "u1";
  expect(draftsThen.of("lobby")).toBe("half a sen");
});

test("nobody else does", () => {
  const { owner, kept } = openFakePage(undefined, "u1");
  const drafts = createDrafts(kept);
  drafts.keep("lobby", "half a sen");
  owner.value = "u2";
  expect(drafts.of("lobby")).toBe("");
  drafts.keep("lobby", "mine");
  owner.value = "u1";
  expect(drafts.of("lobby")).toBe("half a sen");
});

test("a log-out leaves nothing behind", () => {
  const { owner, kept, tab } = openFakePage(undefined, "u1");
  const drafts = createDrafts(kept);
  drafts.keep("lobby", "half a sen");
  owner.value = GUEST;
  drafts.forget("u1");
  expect([drafts.isLeft("u1", "lobby"), tab.kept.size]).toEqual([false, 0]);
});

test("a draft that is emptied or sent leaves nothing, and other rooms keep theirs", () => {
  const { kept, tab } = openFakePage(undefined, "u1");
  const drafts = createDrafts(kept);
  drafts.keep("constructor", "one");
  drafts.keep("tea", "two");
  drafts.keep("constructor", "");
  expect([drafts.of("constructor"), drafts.of("tea")]).toEqual(["", "two"]);
  drafts.keep("tea", "");
  expect(tab.kept.size).toBe(0);
});
