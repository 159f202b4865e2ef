import { expect, test } from "vitest";
import { createRefreshCookie } from "./cookie.ts";

const TOKEN = `${"a_-4".repeat(10)}xyz`;
const plain = createRefreshCookie(false, 90_000);
const secure = createRefreshCookie(true, 90_000);

test("behind TLS the cookie is secure and bound to its host", () => {
  expect(secure.set(TOKEN)["Set-Cookie"]).toBe(
    `__Host-suda_refresh=${TOKEN}; Max-Age=90; Path=/; HttpOnly; SameSite=Strict; Secure`,
  );
  expect(plain.set(TOKEN)["Set-Cookie"]).toBe(
    `suda_refresh=${TOKEN}; Max-Age=90; Path=/; HttpOnly; SameSite=Strict`,
  );
});

test("clearing takes away what setting gave", () => {
  expect(plain.clear()["Set-Cookie"]).toBe("suda_refresh=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict");
});

test("the token is found among other cookies", () => {
  expect(plain.read(`theme=dark; suda_refresh=${TOKEN}; x=1`)).toBe(TOKEN);
  expect(secure.read(`__Host-suda_refresh=${TOKEN}`)).toBe(TOKEN);
});

test.each([
  "",
  ";;;=",
  "suda_refresh",
  "suda_refresh=",
  `suda_refresh=${TOKEN}x`,
  `suda_refresh="${TOKEN}"`,
  `xsuda_refresh=${TOKEN}`,
  `__Host-suda_refresh=${TOKEN}`,
])("%j holds none", (header) => {
  expect(plain.read(header)).toBeNull();
});
