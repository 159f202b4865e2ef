import fc from "fast-check";
import { expect, test } from "vitest";
import { matchName } from "./match-name.ts";

test.each([
  ["하늘", "하", 0],
  ["하늘", "한", 0],
  ["하늘", "하느", 0],
  ["하늘", "ㅎㄴ", 1],
  ["푸른 하늘", "하늘", 2],
  ["푸른하늘", "ㅎㄴ", 3],
  ["하늘", "ㅎㅁ", undefined],
  ["과자", "고", 0],
  ["닭갈비", "달", 0],
  ["닭갈비", "ㄷㄱㅂ", 1],
  ["Ann", "an", 0],
  ["Joanna", "ANN", 2],
  ["Ann", "b", undefined],
  ["하늘", "", 0],
])("%s is found by %j as %j", (name, typed, rank) => {
  expect(matchName(name, typed)).toBe(rank);
});

test("every beginning of a name finds it best, and every part of it finds it", () => {
  const names = fc.array(fc.constantFrom("가", "각", "꽝", "뷁", "a", "Z", " ", "é", "👋", "한"), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(names, fc.nat(8), fc.nat(8), (parts, from, to) => {
      const name = parts.join("");
      expect(matchName(name, parts.slice(0, to).join(""))).toBe(0);
      expect(matchName(name, parts.slice(from, to).join(""))).toBeDefined();
    }),
  );
});
