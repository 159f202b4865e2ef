import { expect, test } from "vitest";
import { isAllowedOrigin } from "./origins.ts";

const HOST = "chat.example:8080";
const allowed = (origin: string, listed: string[] = []) => isAllowedOrigin(origin, HOST, listed);

test("the own host, the list and callers that are no browser are allowed", () => {
  expect(allowed("http://chat.example:8080")).toBe(true);
  expect(allowed("https://chat.example:8080")).toBe(true);
  expect(allowed("https://other.example", ["https://other.example"])).toBe(true);
  expect(allowed("")).toBe(true);
  expect(isAllowedOrigin("https://chat.example", "Chat.Example", [])).toBe(true);
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
  "chat.example:8080",
  "not a url",
])("%s is not", (origin) => {
  expect(allowed(origin, ["https://other.example"])).toBe(false);
});

test("without a host no page is one's own", () => {
  expect(isAllowedOrigin("http://chat.example", "", [])).toBe(false);
});
