import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fingerprint, isLaughter } from "./spam-rule.ts";

describe("texts that read alike", () => {
  test.each([
    ["Hello", "hello"],
    ["ｈｅｌｌｏ", "hello"],
    ["buy\u200bnow", "buynow"],
    ["buy   now", "buy now"],
    ["hi\u{e0041}", "hi"],
    ["가", "가".normalize("NFD")],
  ])("%j counts as %j", (a, b) => {
    expect(fingerprint(a)).toBe(fingerprint(b));
  });

  test("their forms, case, spaces and invisible characters do not count, in any text", () => {
    const piece = fc.constantFrom(
      "a",
      "B",
      "가",
      "ㄱ",
      "é",
      " ",
      "  ",
      "\n",
      "\t ",
      "\u3000",
      "\u200b",
      "\u1161",
      "ﬁ",
      "👍🏽",
    );
    const texts = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(texts, (text) => {
        // A character that has to be folded, at the end, where it adds nothing.
        expect(fingerprint(text)).toBe(fingerprint(`${text}\u200b`));
        expect(fingerprint(text)).toBe(fingerprint(` ${text.replaceAll(" ", "\u3000 ")}\n`));
      }),
    );
  });

  test("different words do not", () => {
    expect(fingerprint("안녕")).not.toBe(fingerprint("안녕!"));
  });
});

test("pure laughter and sobs are told from words", () => {
  expect(["ㅋㅋㅋ", "ㅎㅎ", "ㅠㅜ", "ㅋㅋ ㅋㅋ"].every(isLaughter)).toBe(true);
  expect(["ㅋㅋ뭐야", "lol", "ㅇㅇ"].some(isLaughter)).toBe(false);
});
