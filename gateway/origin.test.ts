import fc from "fast-check";
import { expect, test } from "vitest";
import { origin as setting } from "../shared/server/process/setting-readers.ts";
import { createOriginCheck, isAllowedOrigin } from "./origin.ts";

const HOST = "chat.example:8080";
const allowed = (origin: string, listed: string[] = [], host = HOST, forwardedProto = "") =>
  isAllowedOrigin({ origin, host, forwardedProto }, listed);

test("the own host, the list and callers that are no browser are allowed", () => {
  expect(allowed("http://chat.example:8080")).toBe(true);
  expect(allowed("https://chat.example:8080")).toBe(true);
  expect(allowed("https://other.example", ["https://other.example"])).toBe(true);
  expect(allowed("")).toBe(true);
  expect(allowed("https://chat.example", [], "Chat.Example")).toBe(true);
});

test.each([
  "null",
  "http://chat.example",
  "http://chat.example:8081",
  "http://evil.example",
  "http://chat.example.evil.example:8080",
  "http://evilchat.example:8080",
  "http://sub.chat.example:8080",
  "http://chat.example:8080@evil.example",
  "http://user@chat.example:8080",
  "http://chat.example:8080/",
  "http://chat.example:8080 http://evil.example",
  "ftp://chat.example:8080",
  "chat.example:8080",
  "not a url",
])("%s is not", (origin) => {
  expect(allowed(origin, ["https://other.example"])).toBe(false);
});

test("without a host no page is one's own", () => {
  expect(allowed("http://chat.example", [], "")).toBe(false);
});

test.each([
  ["https://x", "x:443", ""],
  ["http://x", "x:80", ""],
  ["https://x", "x:443", "https"],
  ["https://x", "x", "https"],
  ["https://bücher.example", "xn--bcher-kva.example:443", ""],
  ["https://[2001:db8::1]", "[2001:DB8::1]:443", ""],
])("a page of %s is the own one of host %s, forwarded as %j", (origin, host, proto) => {
  expect(allowed(origin, [], host, proto)).toBe(true);
});

test.each([
  ["http://x", "x", "https"],
  ["https://x", "x", "http"],
  ["https://x", "x:443", "http"],
  ["https://x", "x:80", ""],
  ["http://x", "x:443", ""],
  ["http://x:443", "x", "https"],
])("a page of %s is not that of host %s, forwarded as %j", (origin, host, proto) => {
  expect(allowed(origin, [], host, proto)).toBe(false);
});

const label = fc.stringMatching(/^[a-z]([a-z0-9]{0,6})$/);
const site = fc.record({
  scheme: fc.constantFrom("http", "https"),
  host: fc
    .array(label, { minLength: 1, maxLength: 3 })
    .map((labels) => labels.join("."))
    .filter((host) => URL.canParse(`http://${host}`)),
  port: fc.constantFrom(80, 443, 8080),
});
type Site = { scheme: string; host: string; port: number };
const implied = ({ scheme, port }: Site): boolean => port === (scheme === "https" ? 443 : 80);
const same = (a: Site, b: Site): boolean => a.scheme === b.scheme && a.host === b.host && a.port === b.port;
const spelling = fc.record({ port: fc.boolean(), upper: fc.boolean() });
type Spelling = { port: boolean; upper: boolean };
const hostOf = (site: Site, { port, upper }: Spelling): string => {
  const text = implied(site) && !port ? site.host : `${site.host}:${site.port}`;
  return upper ? text.toUpperCase() : text;
};

test("a page is one's own exactly when scheme, host and port are, in any spelling; the list follows the same rule", () => {
  const near = fc.tuple(site, site).chain(([one, other]) =>
    fc.record({
      one: fc.constant(one),
      other: fc.record({
        scheme: fc.constantFrom(one.scheme, other.scheme),
        host: fc.constantFrom(one.host, other.host),
        port: fc.constantFrom(one.port, other.port),
      }),
    }),
  );
  fc.assert(
    fc.property(near, spelling, spelling, ({ one, other }, spelt, otherwise) => {
      const origin = `${one.scheme}://${hostOf(one, spelt)}`;
      const host = hostOf(other, otherwise);
      expect(allowed(origin, [], host, other.scheme)).toBe(same(one, other));
      expect(allowed(origin, [setting(`${other.scheme}://${host}`)], "elsewhere")).toBe(same(one, other));
    }),
    { numRuns: 500 },
  );
});

test("a refused origin is logged once an hour, with both names and the setting", () => {
  const logged: unknown[][] = [];
  const check = createOriginCheck([], { warn: (...words: unknown[]) => void logged.push(words) });
  const page = { origin: "https://chat.example.org", host: "127.0.0.1:8080", forwardedProto: "" };
  expect([check(page), check(page), check({ ...page, host: "chat.example.org" })]).toEqual([
    false,
    false,
    true,
  ]);
  expect(logged).toEqual([
    [
      { origin: "https://chat.example.org", own: "127.0.0.1:8080", scheme: "" },
      expect.stringContaining("SUDA_PUBLIC_URL"),
    ],
  ]);
});
