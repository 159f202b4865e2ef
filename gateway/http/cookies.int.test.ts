import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newPerson } from "./testing/client.ts";
import { formerlyRefreshed } from "./testing/former-gateway.ts";
import { type Api, startApi } from "./testing/start-api.ts";

/** Two clusters, each with its own data, on ports of one host. */
let here: Api;
let there: Api;
beforeAll(async () => {
  [here, there] = await Promise.all([startApi(), startApi()]);
});
afterAll(() => Promise.all([here.close(), there.close()]));

const FORMER = "suda_refresh";
const ownName = (api: Api) => `${FORMER}_${api.cluster.id}`;

/** A browser: its cookies are bound to hosts, not to ports. */
function openBrowser() {
  const jar = new Map<string, string>();
  const post = async (api: Api, path: string, body: unknown = {}) => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { "content-type": "application/json", cookie };
    const response = await fetch(`${api.url}${path}`, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === "") jar.delete(name);
      else jar.set(name, value);
    }
    return { status: response.status, body: response.status === 204 ? null : await response.json() };
  };
  return {
    jar,
    signUp: (api: Api) => post(api, "/api/signup", newPerson()),
    refresh: (api: Api) => post(api, "/api/refresh"),
    logOut: (api: Api) => post(api, "/api/logout"),
    /** Refreshes as a gateway of the previous release does, which knows one cookie only. */
    async formerly(api: Api): Promise<boolean> {
      const next = await formerlyRefreshed(api.sql, jar.get(FORMER) ?? "");
      if (next !== null) jar.set(FORMER, next);
      return next !== null;
    },
    /** Renames the cookie as the previous release left it. */
    rename(api: Api) {
      jar.set(FORMER, jar.get(ownName(api)) ?? "");
      jar.delete(ownName(api));
    },
  };
}

test("two clusters on one host name leave each other's people logged in", async () => {
  const browser = openBrowser();
  await browser.signUp(here);
  await browser.signUp(there);
  for (const api of [here, there, here]) expect((await browser.refresh(api)).status).toBe(200);
  await browser.logOut(here);
  expect((await browser.refresh(here)).status).toBe(401);
  expect((await browser.refresh(there)).status).toBe(200);
});

test("a cookie of the former name that is another cluster's is left alone", async () => {
  const browser = openBrowser();
  await browser.signUp(there);
  browser.rename(there);
  expect((await browser.refresh(here)).status).toBe(401);
  await browser.logOut(here);
  await browser.signUp(here);
  expect((await browser.refresh(here)).status).toBe(200);
  expect((await browser.refresh(there)).status).toBe(200);
});

test("a user who was logged in before the upgrade still is, and then has the new name only", async () => {
  const browser = openBrowser();
  await browser.signUp(here);
  browser.rename(here);
  expect((await browser.refresh(here)).status).toBe(200);
  expect([...browser.jar.keys()]).toEqual([ownName(here)]);
  expect((await browser.refresh(here)).status).toBe(200);
});

test("logging out by the former name ends the session and takes that cookie away", async () => {
  const browser = openBrowser();
  await browser.signUp(here);
  browser.rename(here);
  expect((await browser.logOut(here)).status).toBe(204);
  expect(browser.jar.size).toBe(0);
});

test("while gateways of both releases serve, people stay logged in on both, also those who log in then", async () => {
  const { cluster } = here;
  cluster.formerCookieUntil = Date.now() + 3_600_000;
  try {
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.array(fc.boolean(), { maxLength: 8 }), async (fromBefore, turns) => {
        const browser = openBrowser();
        await browser.signUp(here);
        if (fromBefore) browser.rename(here);
        for (const former of turns) {
          if (former) expect(await browser.formerly(here)).toBe(true);
          else expect((await browser.refresh(here)).status).toBe(200);
          await here.sql`
            update refresh_tokens set replaced_at = replaced_at - interval '14 minutes',
              created_at = created_at - interval '14 minutes'`;
        }
      }),
      { numRuns: 30 },
    );
  } finally {
    cluster.formerCookieUntil = 0;
  }
});

test("a cluster where there was nobody before sets the former name for nobody", () => {
  expect(here.cluster.formerCookieUntil).toBe(0);
  expect(here.cluster.id).toMatch(/^[0-9a-f]{12}$/);
  expect(there.cluster.id).not.toBe(here.cluster.id);
});
