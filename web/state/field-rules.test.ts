import { expect, test } from "vitest";
import { checkFields } from "./field-rules.ts";

test("each field is told what is wrong with it, all at once", () => {
  expect(checkFields({ email: "nobody", password: "short", nickname: " " })).toEqual({
    email: "bad_format",
    password: "too_short",
    nickname: "missing",
  });
});

test("a nickname is measured in what a person calls characters", () => {
  expect(checkFields({ nickname: "👨‍👩‍👧‍👦".repeat(20) })).toEqual({});
  expect(checkFields({ nickname: "가".repeat(21) })).toEqual({ nickname: "too_long" });
});

test("logging in only asks that there is a password: accounts may be older than the rule", () => {
  expect(checkFields({ email: "a@b.co", password: "old" }, ["password"])).toEqual({});
  expect(checkFields({ email: "a@b.co", password: "" }, ["password"])).toEqual({ password: "missing" });
});

test("a room's address follows the contract", () => {
  expect(checkFields({ name: "cats-2", title: "고양이" })).toEqual({});
  expect(checkFields({ name: "-cats" })).toEqual({ name: "bad_format" });
});

test("an address is what the server takes for one, with what was pasted around it and in any script", () => {
  for (const email of [
    "\u202aana@example.com\u202c ",
    "ana@bücher.example",
    "ana@테스트.com",
    "ａｎａ＠example.com",
  ])
    expect(checkFields({ email })).toEqual({});
  for (const email of ["ana@localhost", "한글@example.com", "ana@example..com", "an a@example.com"])
    expect(checkFields({ email })).toEqual({ email: "bad_format" });
  expect(checkFields({ email: `ana@${"a.".repeat(200)}com` })).toEqual({ email: "too_long" });
});
