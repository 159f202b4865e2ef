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

  test("different words do not", () => {
    expect(fingerprint("안녕")).not.toBe(fingerprint("안녕!"));
  });
});

test("pure laughter and sobs are told from words", () => {
  expect(["ㅋㅋㅋ", "ㅎㅎ", "ㅠㅜ", "ㅋㅋ ㅋㅋ"].every(isLaughter)).toBe(true);
  expect(["ㅋㅋ뭐야", "lol", "ㅇㅇ"].some(isLaughter)).toBe(false);
});
