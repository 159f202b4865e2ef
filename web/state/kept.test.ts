/** The stored values of the page: a walk over every key, as two users and a guest, in two tabs. A new key without a sample here does not compile. */
import { describe, expect, test } from "vitest";
import type { Theme } from "../sync/choices.ts";
import { createFakeBrowser } from "../sync/storage.fake.ts";
import { GUEST, likelyOwner } from "../sync/storage.ts";
import { KEPT, type Key, type ValueOf } from "../sync/stored-values.ts";
import { openFakePage } from "./kept.fake.ts";

const SAMPLES: { [K in Key]: ValueOf<K> } = {
  theme: "dark",
  density: "cozy",
  language: "ko",
  pinsAway: [{ room: "tea", seq: 7 }],
  panel: "people",
  textSize: "large",
  clock: "24",
  motion: "reduced",
  aloud: "mentions",
  sound: "on",
  keys: "off",
  emojiTone: "3",
  emojiRecent: [{ emoji: "🎉" }],
  ignored: [{ id: "pest", nickname: "Pest" }],
  rooms: [{ name: "tea", title: "Green tea" }],
  drafts: [{ room: "lobby", text: "half a sen" }],
  outbox: [{ clientId: "c1", room: "lobby", text: "hi", at: 1, state: "pending", sentAt: 1 }],
};
const KEYS = Object.keys(KEPT) as Key[];
const OWNERS = ["u1", "u2", GUEST];

test.each(KEYS)("%s: of two users and a guest each finds their own, and nobody else's", (key) => {
  const { tab, owner, store, kept } = openFakePage();
  const shown = kept.of(key);
  for (const writer of OWNERS) {
    owner.value = writer;
    kept.change(key, () => SAMPLES[key]);
    for (const reader of OWNERS) {
      owner.value = reader;
      expect(shown.value).toEqual(reader === writer ? SAMPLES[key] : undefined);
    }
    const reloaded = openFakePage(tab, writer).kept.of(key);
    expect(reloaded.value).toEqual(SAMPLES[key]);
    expect(OWNERS.filter((reader) => store.read(key, reader))).toEqual([writer]);
    kept.forget(key, writer);
    expect([shown.value, reloaded.value && KEPT[key].area]).not.toContainEqual(SAMPLES[key]);
  }
});

test.each(KEYS)("%s: another tab of the same person follows, where it is kept for all tabs", (key) => {
  const browser = createFakeBrowser();
  const [one, other] = [openFakePage(browser.openTab(), "u1"), openFakePage(browser.openTab(), "u1")];
  const [shown, follows] = [other.kept.of(key), KEPT[key].area === "local"];
  expect(shown.value).toBeUndefined();
  one.kept.change(key, () => SAMPLES[key]);
  expect(shown.value).toEqual(follows ? SAMPLES[key] : undefined);
  other.owner.value = "u2";
  expect(shown.value).toBeUndefined();
  other.owner.value = "u1";
  one.kept.forget(key, "u1");
  expect(shown.value).toBeUndefined();
});

test.each(KEYS)("%s: where storage is blocked it lives as long as the page", (key) => {
  const browser = createFakeBrowser({ isBlocked: true });
  const { kept, owner } = openFakePage(browser.openTab(), "u1");
  const shown = kept.of(key);
  kept.change(key, () => SAMPLES[key]);
  expect(shown.value).toEqual(SAMPLES[key]);
  owner.value = "u2";
  expect(shown.value).toBeUndefined();
});

test.each(KEYS)("%s: what another version or a stranger left there is no reason to fail", (key) => {
  const browser = createFakeBrowser();
  const tab = browser.openTab();
  for (const raw of ["{", "7", "null", '[null, 1, "a", {}]', '{"__proto__": 1}', '[{"id": 1}]']) {
    for (const area of [browser.local, tab.kept]) area.set(`suda:${key}:u1`, raw);
    expect(openFakePage(tab, "u1").kept.of(key).value).toBeUndefined();
  }
});

test("a storage that is cleared by hand is an empty one in all tabs", () => {
  const browser = createFakeBrowser();
  const { kept } = openFakePage(browser.openTab(), "u1");
  const shown = kept.of("ignored");
  kept.change("ignored", () => SAMPLES.ignored);
  browser.openTab().areas.local().clear();
  expect(shown.value).toBeUndefined();
});

test("a preference that was not chosen yet is the one of this browser, and choosing leaves that as it was", () => {
  const { kept, owner } = openFakePage();
  const theme = kept.preference("theme");
  const choose = (next: Theme) => kept.change("theme", () => next);
  choose("dark");
  owner.value = "u1";
  expect(theme.value).toBe("dark");
  choose("light");
  expect(theme.value).toBe("light");
  owner.value = "u2";
  expect(theme.value).toBe("dark");
});

test("the session's user is stored without an owner, and an older version knew only that there is a session", () => {
  const { store, tab } = openFakePage();
  expect([store.session(), likelyOwner(store)]).toEqual([undefined, GUEST]);
  store.keepSession("u1");
  expect(likelyOwner(openFakePage(tab).store)).toBe("u1");
  store.keepSession("yes");
  expect([store.session(), likelyOwner(store)]).toEqual(["yes", GUEST]);
});

describe("a value that an older version stored without an owner", () => {
  function openOld() {
    const browser = createFakeBrowser();
    const tab = browser.openTab();
    for (const key of ["theme", "language", "ignored", "rooms"] as const) {
      browser.local.set(`suda:${key}`, JSON.stringify(SAMPLES[key]));
    }
    tab.kept.set("suda:drafts", '{"lobby":"half a sen"}');
    tab.kept.set("suda:drafts-of", '"u1"');
    tab.kept.set("suda:outbox:u1", JSON.stringify(SAMPLES.outbox));
    return { browser, tab };
  }
  const owned = ({ browser, tab }: ReturnType<typeof openOld>) =>
    [...browser.local.keys(), ...tab.kept.keys()].sort();

  test("goes to whom it belongs, and nothing stays under those names", () => {
    const old = openOld();
    const page = openFakePage(old.tab);
    expect(page.kept.preference("theme").value).toBe("dark");
    page.owner.value = "u1";
    page.kept.adopt("u1");
    for (const key of ["ignored", "drafts", "outbox"] as const) {
      expect(page.store.read(key, "u1")).toEqual(SAMPLES[key]);
    }
    expect(owned(old)).toEqual(
      ["drafts:u1", "ignored:u1", "language:guest", "outbox:u1", "rooms:guest", "theme:guest"].map(
        (name) => `suda:${name}`,
      ),
    );
  });

  test("is not shown to somebody else, and replaces nothing that is newer", () => {
    const old = openOld();
    const page = openFakePage(old.tab, "u2");
    page.kept.change("ignored", () => [{ id: "other", nickname: "Other" }]);
    page.kept.adopt("u2");
    expect(page.store.read("drafts", "u2")).toBeUndefined();
    expect(page.store.read("ignored", "u2")).toMatchObject([{ id: "other" }]);
  });
});
