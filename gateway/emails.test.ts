import { expect, test } from "vitest";
import { checkEmail } from "./emails.ts";

test.each([
  ["ana@example.com", "ana@example.com"],
  ["  Ana.Lee+chat@Mail.Example.CO.KR ", "ana.lee+chat@mail.example.co.kr"],
  ["a@xn--9t4b11yi5a.com", "a@xn--9t4b11yi5a.com"],
  [`${"a".repeat(64)}@example.com`, `${"a".repeat(64)}@example.com`],
])("%j is an address with the key %j", (raw, key) => {
  expect(checkEmail(raw)).toEqual({ ok: true, value: { email: raw.trim(), key } });
});

test.each([
  "",
  "ana",
  "ana@",
  "@example.com",
  "ana@localhost",
  "ana@@example.com",
  "ana@example..com",
  "ana@-example.com",
  "ana@example.com.",
  "an a@example.com",
  "ana@exam\nple.com",
  "ana\u0000@example.com",
  '"ana"@example.com',
  "ana@[127.0.0.1]",
  "한글@example.com",
  "ana\u202e@example.com",
  `${"a".repeat(65)}@example.com`,
])("%j is no address", (raw) => {
  expect(checkEmail(raw)).toEqual({ ok: false, code: "bad_format" });
});

test("an address longer than mail allows is refused as too long, and quickly", () => {
  expect(checkEmail(`ana@${"a.".repeat(200)}com`)).toEqual({ ok: false, code: "too_long" });
});
