import { expect, test } from "vitest";
import { createRefreshCookie } from "./cookie.ts";

const TOKEN = `${"a_-4".repeat(10)}xyz`;
const OTHER = `${"b_-4".repeat(10)}xyz`;
const cookieOf = (secure: boolean, formerCookieUntil = 0, base = "/") =>
  createRefreshCookie({
    ...{ secure, base },
    lifeMs: 90_000,
    cluster: () => ({ id: "c1", formerCookieUntil }),
    isOurs: async (token) => token === TOKEN,
  });
const plain = cookieOf(false);
const secure = cookieOf(true);
const upgraded = cookieOf(false, Date.now() + 60_000);

test("behind TLS the cookie is secure and bound to its host", async () => {
  expect((await secure.set("", TOKEN))["Set-Cookie"]).toEqual([
    `__Host-suda_refresh_c1=${TOKEN}; Max-Age=90; Path=/; HttpOnly; SameSite=Strict; Secure`,
  ]);
  expect((await plain.set("", TOKEN))["Set-Cookie"]).toEqual([
    `suda_refresh_c1=${TOKEN}; Max-Age=90; Path=/; HttpOnly; SameSite=Strict`,
  ]);
});

test("below a prefix the cookie goes to no other application of the host", async () => {
  const below = cookieOf(true, 0, "/chat/");
  const set = `__Secure-suda_refresh_c1=${TOKEN}`;
  const attributes = "Path=/chat/; HttpOnly; SameSite=Strict; Secure";
  expect((await below.set("", TOKEN))["Set-Cookie"]).toEqual([`${set}; Max-Age=90; ${attributes}`]);
  expect((await below.clear(""))["Set-Cookie"]).toEqual([
    `__Secure-suda_refresh_c1=; Max-Age=0; ${attributes}`,
  ]);
  expect(below.read(`${set}; __Host-suda_refresh_c1=${OTHER}`)).toEqual([TOKEN]);
});

test("clearing removes the cookies that setting gave", async () => {
  expect((await plain.clear(""))["Set-Cookie"]).toEqual([
    "suda_refresh_c1=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict",
  ]);
});

test("the former name is taken over when it is ours, and after an upgrade set beside the new one", async () => {
  const namesIn = async (headers: Promise<Record<string, unknown>>) =>
    ((await headers)["Set-Cookie"] as string[]).map((line) => line.split(";")[0]);
  const ours = `suda_refresh=${TOKEN}`;
  const anothers = `suda_refresh=${OTHER}`;
  expect(await namesIn(plain.set(ours, OTHER))).toEqual([`suda_refresh_c1=${OTHER}`, "suda_refresh="]);
  expect(await namesIn(plain.set(anothers, TOKEN))).toEqual([`suda_refresh_c1=${TOKEN}`]);
  expect(await namesIn(plain.clear(ours))).toEqual(["suda_refresh_c1=", "suda_refresh="]);
  expect(await namesIn(plain.clear(anothers))).toEqual(["suda_refresh_c1="]);
  const both = [`suda_refresh_c1=${OTHER}`, `suda_refresh=${OTHER}`];
  expect(await namesIn(upgraded.set("", OTHER))).toEqual(both);
  expect(await namesIn(upgraded.set(ours, OTHER))).toEqual(both);
  expect(await namesIn(upgraded.set(anothers, OTHER))).toEqual([both[0]]);
});

test("the token is found among other cookies, that of our own name first", () => {
  expect(plain.read(`theme=dark; suda_refresh_c1=${TOKEN}; x=1`)).toEqual([TOKEN]);
  expect(secure.read(`__Host-suda_refresh_c1=${TOKEN}`)).toEqual([TOKEN]);
  expect(plain.read(`suda_refresh=${OTHER}; suda_refresh_c1=${TOKEN}`)).toEqual([TOKEN, OTHER]);
  expect(plain.read(`suda_refresh=${TOKEN}; suda_refresh_c1=${TOKEN}`)).toEqual([TOKEN]);
});

test.each([
  "",
  ";;;=",
  "suda_refresh_c1",
  "suda_refresh_c1=",
  `suda_refresh_c1=${TOKEN}x`,
  `suda_refresh_c1="${TOKEN}"`,
  `xsuda_refresh_c1=${TOKEN}`,
  `__Host-suda_refresh_c1=${TOKEN}`,
  `suda_refresh_c2=${TOKEN}`,
])("%j holds none", (header) => {
  expect(plain.read(header)).toEqual([]);
});
