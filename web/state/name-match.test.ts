import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { matching, matchRank } from "./name-match.ts";

describe("a name is found", () => {
  test.each([
    ["하늘", "하"],
    ["하늘", "하늘"],
    ["하늘", "ㅎ"],
    ["하늘", "ㅎㄴ"],
    ["하늘", "하ㄴ"],
    ["하늘", "한"],
    ["하늘", "하느"],
    ["닭갈비", "달"],
    ["닭갈비", "다"],
    ["달걀", "닭"],
    ["값진", "갑"],
    ["과자", "고"],
    ["닭갈비", "ㄷㄱㅂ"],
    ["푸른하늘", "ㅎㄴ"],
    ["값진", "ㄱㅈ"],
    ["강산", "ㄳ"],
    ["꽃님", "ㄲㄴ"],
    ["Zoë Müller", "zoe"],
    ["Zoë Müller", "MUL"],
    ["ＷＩＤＥ", "wide"],
    ["서울사람", "사람"],
    ["Ann", ""],
  ])("%s by %s", (name, typed) => expect(matchRank(name, typed)).toBeDefined());
});

describe("a name is not found", () => {
  test.each([
    ["하늘", "ㄴㅎ"],
    ["하늘", "핫"],
    ["하늘", "하늘빛"],
    ["하늘", "호"],
    ["한강", "하느"],
    ["Ann", "nna"],
    ["꽃님", "ㄱㄴ"],
    ["과자", "곡"],
  ])("%s by %s", (name, typed) => expect(matchRank(name, typed)).toBeUndefined());
});

test("the beginning of a name comes before that of a word in it, and both before the middle", () => {
  const names = ["Suzanna", "Mary Ann", "Ann", "Anna"];
  expect(matching(names, (name) => name, "ann")).toEqual(["Ann", "Anna", "Mary Ann", "Suzanna"]);
});

test("every name is found by each of its own beginnings, as typed and by first consonants", () => {
  const names = ["하늘", "바다곰", "까치와 참새", "값싼 닭", "June", "서울사람 2", "😀 웃음"];
  for (const name of names) {
    const letters = [...name];
    for (let end = 1; end <= letters.length; end++)
      expect([name, end, matchRank(name, letters.slice(0, end).join(""))]).toEqual([name, end, 0]);
  }
});

test("every beginning of any name finds it best, and every part of it finds it", () => {
  const names = fc.array(fc.constantFrom("가", "각", "꽝", "뷁", "a", "Z", "é", "👋", "한"), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(names, fc.nat(8), fc.nat(8), (parts, from, to) => {
      const name = parts.join("");
      expect(matchRank(name, parts.slice(0, to).join(""))).toBe(0);
      expect(matchRank(name, parts.slice(from, to).join(""))).toBeDefined();
    }),
  );
});

test("odd input is no error", () => {
  for (const odd of ["\ud800", "\u0000", "َ", "👨‍👩‍👧", "ᄒ", ".*[", "a".repeat(10_000)])
    expect(() => matchRank(odd, odd)).not.toThrow();
});
