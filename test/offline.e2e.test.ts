/** A page without a network: it opens, shows what it knew, says since when, and knows nothing that it should not. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { until } from "../shared/until.ts";
import { launchBrowser, launchWhole, PASSWORD, type Visitor, visit } from "./support/browser.ts";
import { startCluster, type TestCluster } from "./support/cluster.ts";
import { lookAt } from "./support/screens.ts";

const PATIENT = { timeout: 20_000 };
/** Below a path, because a worker there must leave the rest of the host alone. */
const URL_OF_PAGE = "http://suda.localhost/chat/";

let cluster: TestCluster;
let browser: Browser;
const visitors: Visitor[] = [];

beforeAll(async () => {
  cluster = await startCluster({ gateways: 2, limits: true, env: { SUDA_PUBLIC_URL: URL_OF_PAGE } });
  browser = await launchBrowser(`--host-resolver-rules=MAP suda.localhost:80 127.0.0.1:${cluster.port}`);
});
afterEach(async () => {
  await Promise.all(visitors.splice(0).map((visitor) => visitor.close()));
});
afterAll(async () => {
  await browser?.close();
  await cluster?.stop();
});

/** @param path below the prefix. */
async function come(path = "", options: Parameters<typeof visit>[2] = {}): Promise<Visitor> {
  const visitor = await visit(browser, URL_OF_PAGE + path, { serviceWorkers: "allow", ...options });
  visitors.push(visitor);
  return visitor;
}

const inPage = <T>(page: Page, script: string): Promise<T> => page.evaluate(script) as Promise<T>;
const kept = (page: Page): Promise<string[]> =>
  inPage(
    page,
    `(async () => {
      const urls = [];
      for (const name of await caches.keys())
        for (const { url } of await (await caches.open(name)).keys()) urls.push(url);
      return urls;
    })()`,
  );
/** The texts that the browser keeps, in any of its storages for messages. */
const known = (page: Page): Promise<string> =>
  inPage(
    page,
    `new Promise((resolve) => {
      const request = indexedDB.open("suda/chat");
      request.onsuccess = () => {
        const { result } = request;
        if (!result.objectStoreNames.contains("kept")) return resolve("");
        const all = result.transaction("kept").objectStore("kept").getAll();
        all.onsuccess = () => { result.close(); resolve(JSON.stringify(all.result)); };
      };
    })`,
  );
const keepsTheShell = (page: Page): Promise<void> =>
  until("the browser keeps the page and its scripts", async () => {
    const urls = await kept(page);
    return urls.includes(URL_OF_PAGE) && urls.some((url) => url.includes("/assets/on-demand-"));
  });
const knows = (page: Page, text: string, does = true): Promise<void> =>
  until(
    `the browser ${does ? "knows" : "does not know"} ${text}`,
    async () => (await known(page)).includes(text) === does,
  );

/** Cuts the network and opens the page again. */
async function openOffline({ page }: Visitor): Promise<void> {
  await page.context().setOffline(true);
  await page.reload();
  await page.locator("[data-connection=offline]").waitFor(PATIENT);
  await page.locator(".offline-note").waitFor(PATIENT);
}

test("the page opens without a network, shows the last messages and says since when; then it goes on from there", async () => {
  const minji = await come();
  const jun = await come();
  await minji.signUp("민지");
  await jun.signUp("준호");
  await minji.say("끊기기 전의 말");
  await jun.sees("끊기기 전의 말");
  await jun.say("곧 지워질 말");
  await minji.sees("곧 지워질 말");
  await Promise.all([keepsTheShell(minji.page), knows(minji.page, "곧 지워질 말")]);

  await openOffline(minji);
  await minji.page.getByText("끊기기 전의 말", { exact: true }).waitFor(PATIENT);
  await minji.page.getByText("곧 지워질 말", { exact: true }).waitFor();
  expect(await minji.page.locator(".offline-note").innerText()).toMatch(/부터 오프라인이에요/);
  expect((await lookAt(minji)).faults).toEqual([]);

  // Meanwhile one message goes and another comes.
  await jun.unfold("곧 지워질 말");
  await jun.askToDelete();
  await jun.confirm();
  await jun.say("그사이의 말");
  await jun.sees("그사이의 말");
  await minji.page.context().setOffline(false);
  await minji.isLive();
  await minji.sees("그사이의 말");
  await minji.page.locator(".offline-note").waitFor({ state: "detached" });
  expect(await minji.page.getByText("곧 지워질 말").count()).toBe(0);
  await knows(minji.page, "곧 지워질 말", false);

  // A deleted message does not come back from what the browser keeps.
  await openOffline(minji);
  await minji.page.getByText("그사이의 말", { exact: true }).waitFor(PATIENT);
  expect(await minji.page.getByText("곧 지워질 말").count()).toBe(0);
});

test("a person who logged out, and the next one in this browser, find nothing of it", async () => {
  const minji = await come();
  const email = await minji.signUp("다민");
  await minji.say("나만의 기억");
  await Promise.all([keepsTheShell(minji.page), knows(minji.page, "나만의 기억")]);
  expect(await known(minji.page)).not.toContain(email);
  await minji.page.locator(".account .button.quiet").click();
  await minji.page.locator(".composer.guest").waitFor();
  await until("everything kept is the guest's", () =>
    inPage<boolean>(
      minji.page,
      `new Promise((resolve) => {
        const request = indexedDB.open("suda/chat");
        request.onsuccess = () => {
          const keys = request.result.transaction("kept").objectStore("kept").getAllKeys();
          keys.onsuccess = () => {
            request.result.close();
            resolve(keys.result.every(([kind, owner]) => kind !== "rooms" || owner === "guest"));
          };
        };
      })`,
    ),
  );
  expect(PASSWORD).toBeTruthy();
});

test("the page can be installed below its path, and is the same application wherever it is opened", async () => {
  const folder = await mkdtemp(join(tmpdir(), "suda-install-"));
  const whole = await launchWhole(
    folder,
    `--host-resolver-rules=MAP suda.localhost:80 127.0.0.1:${cluster.port}`,
  );
  try {
    const page = await whole.newPage();
    await page.goto(`${URL_OF_PAGE}r/lobby`);
    await keepsTheShell(page);
    const devtools = await whole.newCDPSession(page);
    const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
    expect(installabilityErrors).toEqual([]);
    expect((await devtools.send("Page.getAppId")).appId).toBe(URL_OF_PAGE);
    const { errors, url } = await devtools.send("Page.getAppManifest");
    expect([errors, url]).toEqual([[], `${URL_OF_PAGE}manifest.webmanifest`]);
    const touch = await inPage(page, `document.querySelector("link[rel=apple-touch-icon]").href`);
    expect(touch).toBe(`${URL_OF_PAGE}apple-touch-icon.png`);
    const names = ["icon-192", "icon-512", "icon-maskable-512", "apple-touch-icon", "preview"];
    const sides = await inPage(
      page,
      `Promise.all(${JSON.stringify(names)}.map(async (name) => {
        const { width, height } = await createImageBitmap(await (await fetch("/chat/" + name + ".png")).blob());
        return width + "x" + height;
      }))`,
    );
    expect(sides).toEqual(["192x192", "512x512", "512x512", "180x180", "1200x630"]);
  } finally {
    await whole.close();
    await rm(folder, { recursive: true, force: true });
  }
});

test("nothing of the API is kept, a worker leaves other paths of the host alone, and a new deploy shows at once", async () => {
  const minji = await come("r/lobby");
  await keepsTheShell(minji.page);
  const urls = await kept(minji.page);
  expect(urls.filter((url) => !url.startsWith(`${URL_OF_PAGE}assets/`))).toEqual([URL_OF_PAGE]);
  const scopes = await inPage(
    minji.page,
    "navigator.serviceWorker.getRegistrations().then((all) => all.map(({ scope }) => scope))",
  );
  expect(scopes).toEqual([URL_OF_PAGE]);
  await minji.page.reload();
  await minji.isLive();
  const answered = await minji.page.reload();
  expect(answered?.fromServiceWorker()).toBe(true);
  expect(minji.complaints).toEqual([]);
});

test("the account's dialog says how notifications are here; a browser that forbids them is told as such", async () => {
  const minji = await come();
  await minji.signUp("하람");
  await minji.page.locator(".account-own").click();
  await minji.page.locator("summary").filter({ hasText: "알림" }).click();
  await minji.page.getByText("브라우저에서 알림이 차단되어 있어요.").waitFor();
  expect((await lookAt(minji)).faults).toEqual([]);
});
