import fc from "fast-check";
import { expect, test } from "vitest";
import { splitLinks } from "./text-parts.ts";

const linksOf = (text: string) =>
  splitLinks(text).flatMap(({ href, shown }) => (href ? [[shown, href]] : []));

test.each([
  ["보세요 https://example.com은 좋아요", "https://example.com", "https://example.com/"],
  ["https://example.com/a를", "https://example.com/a", "https://example.com/a"],
  ["(https://a.com/b_(c)).", "https://a.com/b_(c)", "https://a.com/b_(c)"],
  ["HTTPS://EXAMPLE.com!", "HTTPS://EXAMPLE.com", "https://example.com/"],
  ["http://a.kr:8080/x?y=1#z,", "http://a.kr:8080/x?y=1#z", "http://a.kr:8080/x?y=1#z"],
  [
    "https://ko.wikipedia.org/wiki/하늘",
    "https://ko.wikipedia.org/wiki/하늘",
    "https://ko.wikipedia.org/wiki/%ED%95%98%EB%8A%98",
  ],
])("%s: is a link without what stands around it", (text, shown, href) => {
  expect(linksOf(text)).toEqual([[shown, href]]);
});

test.each([
  ["letters of another script", "https://\u0430pple.com", "https://xn--pple-43d.com/"],
  ["a number in another form", "http://0x7f.1/", "http://127.0.0.1/"],
])("a host of %s is shown as the browser asks for it", (_, text, shown) => {
  expect(linksOf(text)).toEqual([[shown, shown]]);
});

test("an address that looks like a name before an @ leads to itself, and never behind the @", () => {
  expect(linksOf("https://bank.com@evil.com/x")).toEqual([["https://bank.com", "https://bank.com/"]]);
});

test.each([
  "javascript:alert(1)",
  "data:text/html,<b>x</b>",
  "https://a.com/\u202egnp.exe",
  "//evil.com",
  "mailto:a@b.c",
  "ftp://x.y",
  "https://",
])("%s is no link", (text) => {
  expect(linksOf(text)).toEqual([]);
});

const PIECES = fc.constantFrom(
  "https://",
  "http://",
  "example.com",
  "\u0430pple.com",
  "@evil.com",
  "/a(b)",
  "은",
  "\u202e",
  "\u200b",
  "%2e%00",
  "\\",
  ":80",
  " ",
  "javascript:",
  "👨‍👩‍👧",
);
const TEXT = fc
  .array(fc.oneof(PIECES, fc.string({ unit: "binary", maxLength: 3 })), { maxLength: 12 })
  .map((all) => all.join(""));

test("the parts of any text are the text again, and each link leads to the host that it shows, by http or https", () => {
  fc.assert(
    fc.property(TEXT, (text) => {
      const parts = splitLinks(text);
      expect(parts.map((part) => part.text).join("")).toBe(text);
      for (const { href, shown = "" } of parts) {
        if (href === undefined) continue;
        const { protocol, host, username, password } = new URL(href);
        expect(["http:", "https:"]).toContain(protocol);
        expect(username + password).toBe("");
        expect(new URL(shown).href).toBe(href);
        expect(shown.split(/[/?#]/)[2]?.toLowerCase()).toBe(host);
      }
    }),
    { numRuns: 500 },
  );
});
