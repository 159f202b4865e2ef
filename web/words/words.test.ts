import { expect, test } from "vitest";
import { en } from "./en.ts";
import { ko } from "./ko.ts";

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
