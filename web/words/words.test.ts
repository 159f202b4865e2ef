import { expect, test } from "vitest";
import { en } from "./en.ts";
import { ko } from "./ko.ts";
import { typingSentence } from "./sentences.ts";

function paths(table: object, prefix = ""): string[] {
  return Object.entries(table).flatMap(([key, value]) =>
    typeof value === "object" ? paths(value, `${prefix}${key}.`) : [`${prefix}${key}`],
  );
}

test("both languages have exactly the same sentences", () => {
  expect(paths(ko).sort()).toEqual(paths(en).sort());
});

test("no sentence was left in the other language", () => {
  const sentences = JSON.stringify(en);
  expect(sentences).not.toMatch(/[가-힣]/);
});

test("a count agrees with its noun", () => {
  expect(en.people(1)).toBe("1 person here");
  expect(en.people(1_234)).toBe("1,234 people here");
  expect(ko.people(1_234)).toBe("1,234명 접속 중");
});

test("one and two people who are typing are named, more are counted as several", () => {
  expect(typingSentence(en, ["Ann"])).toBe("\u2068Ann\u2069 is typing…");
  expect(typingSentence(en, ["Ann", "בן"])).toBe("\u2068Ann\u2069 and \u2068בן\u2069 are typing…");
  expect(typingSentence(ko, ["민지", "Ann", "Bo"])).toBe("여러 명이 입력하고 있어요…");
});
