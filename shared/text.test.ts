import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cleanText, countChars, findMentions, graphemes, prepareText } from "./text.ts";

const anyText = fc.array(fc.nat(0x10ffff)).map((codes) => String.fromCodePoint(...codes));

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

  test("loses control characters, and has the line breaks of other programs as its own", () => {
    const kept = (raw: string) => prepareText(raw, 30);
    expect(kept("a\u0002b\u009fc\u007f")).toEqual({ ok: true, text: "abc" });
    expect(kept("a\u000bb\fc\u0085d\u2028e")).toEqual({ ok: true, text: "a\nb\nc\nd\ne" });
    expect(kept("a\nb\tc")).toEqual({ ok: true, text: "a\nb\tc" });
  });

  test("is refused with NUL in it, which PostgreSQL could not store", () => {
    expect(prepareText("a\u0000b", 30)).toEqual({ ok: false, code: "invalid" });
  });

  test("is too long above the number of clusters, whatever they are made of", () => {
    expect(prepareText("가".repeat(30), 30).ok).toBe(true);
    expect(prepareText("가".repeat(31), 30)).toEqual({ ok: false, code: "too_long" });
    expect(prepareText("👍🏽".repeat(30), 30).ok).toBe(true);
  });

  test("is too long above a kibibyte, however few clusters that are", () => {
    expect(prepareText("👨‍👩‍👧‍👦".repeat(41), 50)).toEqual({ ok: false, code: "too_long" });
    expect(prepareText("x".repeat(1_025), 2_000)).toEqual({ ok: false, code: "too_long" });
  });

  test("keeps a few marks on a letter, and what living scripts write", () => {
    for (const mark of ["\u0301", "\u0489", "\u0e49", "\u05b0", "\u0335"]) {
      const raw = `a${mark.repeat(70)}b`;
      expect(cleanText(raw)).toMatch(/^[aá]\p{M}{4,5}b$/u);
      expect(cleanText(raw.replaceAll(mark, `${mark}\u200d`)).match(/\p{M}/gu)?.length).toBeLessThan(6);
    }
    for (const text of ["မြွှေ့", "สวัสดีครับผู้ใหญ่", "הַשָּׁ֖מַיִם", "བསྒྲུབས་", "क्ष्म्य", "❤️‍🔥 1️⃣ 🏴󠁧󠁢󠁳󠁣󠁴󠁿", "Tiếng Việt", "ɛ̃́"]) {
      expect(cleanText(text)).toBe(text.normalize("NFC"));
    }
  });

  test("a text with nothing to clean but its ends is cleaned like any other", () => {
    const piece = fc.constantFrom("a", "~", " ", "  ", "가", "힣", "ㄱ", "\u3164", "\u318e", "ㅎㅏㄴ");
    const texts = fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(texts, (text) => {
        // A character that is removed leads it the long way.
        expect(cleanText(text)).toBe(cleanText(`${text}\u0002`));
      }),
    );
  });

  test("any text is, once cleaned, well formed, composed and free of all that is stripped, and stays as it is", () => {
    const piece = fc.oneof(
      anyText,
      fc.constantFrom(..."aกㅎ가ा\u0300\u0335\u0e49\u20dd\u034f\ufe0f\u200d\u0002\v\u0085\u2028\ud800\n "),
      fc.constantFrom("\u0301", "\u0489").map((mark) => mark.repeat(70)),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join("")),
        (raw) => {
          const text = cleanText(raw);
          expect(text).toBe(text.normalize("NFC").toWellFormed().trim());
          for (const letter of text.split(/[^\p{Mn}\p{Me}\p{Default_Ignorable_Code_Point}]/u))
            expect(letter.match(/[\p{Mn}\p{Me}]/gu)?.length ?? 0).toBeLessThan(6);
          expect(text).not.toMatch(/[^\P{Cc}\0\t\n\r]/u);
          expect(cleanText(text)).toBe(text);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("mentions", () => {
  const named = (...nicknames: string[]) => nicknames.map((nickname) => ({ id: nickname, nickname }));
  const found = (text: string, ...nicknames: string[]) =>
    findMentions(text, named(...nicknames)).map(({ start, length }) => text.slice(start, start + length));

  test("are the names after an @, with what is attached to them in Korean, and no part of a longer word elsewhere", () => {
    expect(found("@하늘아 안녕, @ann and @하늘", "하늘", "ann")).toEqual(["@하늘", "@ann", "@하늘"]);
    expect(found("@anna @ann2 @ann, @ann!", "ann")).toEqual(["@ann", "@ann"]);
    expect(found("하늘 ann", "하늘", "ann")).toEqual([]);
  });

  test("are of the longest name where several begin alike, and may have spaces and an @ in them", () => {
    expect(found("@하늘 바다 @하늘", "하늘", "하늘 바다")).toEqual(["@하늘 바다", "@하늘"]);
    expect(found("@a@b @b", "b", "a@b")).toEqual(["@a@b", "@b"]);
  });

  test("end with a whole character", () => {
    expect(found("@ab\u0301 @👋🏽 @👋", "ab", "👋")).toEqual(["@👋"]);
  });

  test("count as two characters each, whatever the name", () => {
    const prepared = (raw: string) =>
      prepareText(raw, 10, { people: named("하늘과 바다와 별"), mentionChars: 2 });
    expect(prepared("@하늘과 바다와 별 1234567")).toMatchObject({
      ok: true,
      mentions: [{ start: 0, length: 10 }],
    });
    expect(prepared("@하늘과 바다와 별 12345678")).toEqual({ ok: false, code: "too_long" });
  });

  const name = fc.array(fc.constantFrom("a", "b", "하", "늘", " ", "@", "👋", "\u0301", "🏽"), {
    minLength: 2,
    maxLength: 5,
  });
  const cases = fc.record({
    nicknames: fc.uniqueArray(
      name.map((parts) => parts.join("")),
      { maxLength: 10 },
    ),
    parts: fc.array(
      fc.oneof(
        fc.nat(9),
        fc.string({ unit: "grapheme", maxLength: 4 }),
        name.map((all) => all.join("")),
      ),
    ),
  });

  test("lie within the text as whole characters, in order, never overlap, and are the names of their people", () => {
    fc.assert(
      fc.property(cases, ({ nicknames, parts }) => {
        const text = parts
          .map((part) => (typeof part === "number" ? `@${nicknames[part] ?? ""}` : part))
          .join("");
        const mentions = findMentions(text, named(...nicknames));
        let end = 0;
        for (const { id, start, length } of mentions) {
          expect(start).toBeGreaterThanOrEqual(end);
          end = start + length;
          expect(text.slice(start, end)).toBe(`@${id}`);
        }
        expect(end).toBeLessThanOrEqual(text.length);
        const names = mentions.map(({ start, length }) => graphemes(text.slice(start, start + length)));
        const inFull = names.reduce((sum, count) => sum + count - 2, countChars(text, mentions, 2));
        expect(inFull).toBe(graphemes(text));
      }),
      { numRuns: 1_000 },
    );
  });

  test("are found again in a text that was prepared: the gateway finds what the page found", () => {
    fc.assert(
      fc.property(cases, ({ nicknames, parts }) => {
        const raw = parts
          .map((part) => (typeof part === "number" ? `@${nicknames[part] ?? ""}` : part))
          .join("");
        const mentioning = { people: named(...nicknames), mentionChars: 2 };
        const once = prepareText(raw, 1_000, mentioning);
        if (once.ok) expect(prepareText(once.text, 1_000, mentioning)).toEqual(once);
      }),
    );
  });
});
