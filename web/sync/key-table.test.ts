import { describe, expect, test } from "vitest";
import { isPressed, KEY_TABLE, type Pressed } from "./key-table.ts";

const press = (key: string, more: Partial<Pressed> = {}): Pressed => ({
  key,
  code: "",
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});

test("no two lines have the same key in the same place, and no name twice", () => {
  const places = KEY_TABLE.flatMap(({ keys, where }) => keys.map((each) => `${where} ${each}`));
  expect(new Set(places).size).toBe(places.length);
  expect(new Set(KEY_TABLE.map(({ id }) => id)).size).toBe(KEY_TABLE.length);
});

test("no line takes a key of the browser, of a screen reader or of writing", () => {
  const taken =
    /^(Mod\+[ACFHLNPQRSTVWXYZ0-9]|Alt\+(ArrowLeft|ArrowRight|F4|D)|F\d+|Tab|Insert|CapsLock|Mod\+Alt\+.*)$/;
  const letters = /^[A-Za-z0-9]$/;
  const all = KEY_TABLE.flatMap(({ keys }) => [...keys] as string[]);
  expect(all.filter((keys) => taken.test(keys) || letters.test(keys))).toEqual([]);
});

describe("a key is known", () => {
  test.each([
    ["Mod+K", press("k", { ctrlKey: true }), false],
    ["Mod+K", press("k", { metaKey: true }), true],
    ["Mod+K", press("ㅏ", { ctrlKey: true, code: "KeyK" }), false],
    ["?", press("?", { shiftKey: true }), false],
    ["?", press("?"), false],
    ["Alt+ArrowUp", press("ArrowUp", { altKey: true }), false],
  ])("%s by %o", (keys, event, isApple) => expect(isPressed(keys, event, isApple)).toBe(true));
});

describe("another key is not", () => {
  test.each([
    ["Mod+K", press("k"), false],
    ["Mod+K", press("k", { ctrlKey: true }), true],
    ["Mod+K", press("K", { ctrlKey: true, shiftKey: true }), false],
    ["Escape", press("Escape", { shiftKey: true }), false],
    ["Alt+ArrowUp", press("ArrowUp"), false],
    ["PageUp", press("PageUp", { ctrlKey: true }), false],
  ])("%s by %o", (keys, event, isApple) => expect(isPressed(keys, event, isApple)).toBe(false));
});
