import { domainToASCII } from "node:url";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseEmail } from "../../shared/email.ts";

test.each([
  ["ana@example.com", "ana@example.com", "ana@example.com"],
  [
    "  Ana.Lee+chat@Mail.Example.CO.KR ",
    "Ana.Lee+chat@Mail.Example.CO.KR",
    "ana.lee+chat@mail.example.co.kr",
  ],
  ["a@xn--9t4b11yi5a.com", "a@xn--9t4b11yi5a.com", "a@xn--9t4b11yi5a.com"],
  [`${"a".repeat(64)}@example.com`, `${"a".repeat(64)}@example.com`, `${"a".repeat(64)}@example.com`],
  ["ana@bücher.example", "ana@bücher.example", "ana@xn--bcher-kva.example"],
  ["ana@BÜCHER.example", "ana@BÜCHER.example", "ana@xn--bcher-kva.example"],
  ["ana@bu\u0308cher.example", "ana@bücher.example", "ana@xn--bcher-kva.example"],
  ["ana@테스트.com", "ana@테스트.com", "ana@xn--9t4b11yi5a.com"],
  ["ana@例え。テスト", "ana@例え。テスト", "ana@xn--r8jz45g.xn--zckzah"],
  ["ana@نامه\u200cای.com", "ana@نامه\u200cای.com", "ana@xn--mgba3gch31f060k.com"],
  ["ａｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ", "ana@example.com", "ana@example.com"],
  ["\u202aana@example.com\u202c", "ana@example.com", "ana@example.com"],
  ["\u200e ana@example.com\u200f\n", "ana@example.com", "ana@example.com"],
  ["\u2066\ufeffana@example.com\u2069\u200b", "ana@example.com", "ana@example.com"],
])("%j is shown as %j and has the key %j", (raw, email, key) => {
  expect(parseEmail(raw)).toEqual({ ok: true, value: { email, key } });
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
  "ana@ex\u200bample.com",
  "ana@bü\u00adcher.example",
  "ana@bücher%2ecom.example",
  "ana@bücher.example/x",
  "ana@bücher.example:80",
  "ana@evil.example#bücher.example",
  "ana@bü\u200dcher.example",
  "ana@１２７。０。０。１",
  "ana@bücher",
  `${"a".repeat(65)}@example.com`,
])("%j is no address", (raw) => {
  expect(parseEmail(raw)).toEqual({ ok: false, code: "bad_format" });
});

test("an address longer than mail allows is refused as too long, and quickly", () => {
  expect(parseEmail(`ana@${"a.".repeat(200)}com`)).toEqual({ ok: false, code: "too_long" });
  expect(parseEmail(`ana@${"\u0915\u0323\u094d".repeat(80)}.com`)).toMatchObject({ ok: false });
});

test("one domain in any script, case and composition is one key, and the key is its own", () => {
  const label = fc.stringMatching(/^[a-zäöüßéèçñłıα-ωа-яא-ת가-힣ぁ-んァ-ン一-龥]{1,8}$/u);
  const hidden = fc.array(
    fc.constantFrom(" ", "\u200e", "\u200f", "\u202a", "\u202c", "\u2066", "\u2069", "\ufeff"),
  );
  fc.assert(
    fc.property(fc.array(label, { minLength: 2, maxLength: 3 }), hidden, hidden, (labels, before, after) => {
      const domain = labels.join(".");
      const ascii = domainToASCII(domain);
      fc.pre(ascii !== "");
      const around = (inner: string): string => before.join("") + inner + after.join("");
      for (const spelt of [
        domain,
        domain.normalize("NFD"),
        domain.normalize("NFC"),
        ascii,
        ascii.toUpperCase(),
      ])
        expect(parseEmail(around(`Ana@${spelt}`)), spelt).toMatchObject({
          ok: true,
          value: { key: `ana@${ascii}` },
        });
    }),
    { numRuns: 500 },
  );
});
