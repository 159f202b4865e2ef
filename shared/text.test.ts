import { describe, expect, test } from "vitest";
import { graphemes, prepareText } from "./text.ts";

describe("length in grapheme clusters", () => {
  test.each([
    ["hello", 5],
    ["안녕하세요", 5],
    ["안녕".normalize("NFD"), 2],
    ["👨‍👩‍👧‍👦", 1],
    ["👋🏽", 1],
    ["🇰🇷🇯🇵", 2],
    ["é", 1],
    ["ㅋㅋㅋ", 3],
    ["", 0],
  ])("%j has %i", (text, length) => {
    expect(graphemes(text)).toBe(length);
  });

  test("the quick way agrees with the segmenter", () => {
    const segmenter = new Intl.Segmenter("und", { granularity: "grapheme" });
    for (const text of ["수다 chatter 123", "ㄱㄴㄷㅏㅑ가각힣", " ~!@#"]) {
      expect(graphemes(text)).toBe([...segmenter.segment(text)].length);
    }
  });
});

describe("a message's text", () => {
  test("is trimmed and composed", () => {
    expect(prepareText(`  ${"가".normalize("NFD")}\n`, 30)).toEqual({ ok: true, text: "가" });
  });

  test("keeps no half of a surrogate pair, which PostgreSQL could not store", () => {
    expect(prepareText("a\ud800b", 30)).toEqual({ ok: true, text: "a\ufffdb" });
  });

  test.each(["", "   ", "\u200b\u200d", "\u3164", "\ufeff \t\n", "\u{e0041}\u{e0042}", "\u0000\u0007"])(
    "is empty when nothing of %j is visible",
    (raw) => {
      expect(prepareText(raw, 30)).toEqual({ ok: false, code: "empty" });
    },
  );

  test("is refused with control characters in it, but may have lines", () => {
    expect(prepareText("a\u0000b", 30)).toEqual({ ok: false, code: "invalid" });
    expect(prepareText("a\u009fb", 30)).toEqual({ ok: false, code: "invalid" });
    expect(prepareText("a\nb\tc", 30)).toEqual({ ok: true, text: "a\nb\tc" });
  });

  test("is too long above the number of clusters, whatever they are made of", () => {
    expect(prepareText("가".repeat(30), 30).ok).toBe(true);
    expect(prepareText("가".repeat(31), 30)).toEqual({ ok: false, code: "too_long" });
    expect(prepareText("👍🏽".repeat(30), 30).ok).toBe(true);
  });

  test("is too long above a kibibyte, however few clusters that are", () => {
    expect(prepareText(`a${"\u0301".repeat(600)}`, 30)).toEqual({ ok: false, code: "too_long" });
  });
});
