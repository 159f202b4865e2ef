/** The page and its assets in a browser's cache, with a network that a test switches. */
import { expect, test } from "vitest";
import { createShell } from "./shell.ts";

const SCOPE = "https://example.org/chat/";
const NOW = 1_800_000_000_000;
const DAY_MS = 86_400_000;
const pageOf = (release: string) =>
  `<script src="/chat/assets/main-${release}.js"></script><link href="/chat/assets/main-${release}.css">`;

/** As much of a browser's cache as a shell uses. */
function cacheStorage() {
  const stores = new Map<string, Map<string, Response>>();
  const urlOf = (key: Request | string): string => (typeof key === "string" ? key : key.url);
  return {
    stores,
    keys: async () => [...stores.keys()],
    delete: async (name: string) => stores.delete(name),
    async open(name: string) {
      const store = stores.get(name) ?? new Map<string, Response>();
      stores.set(name, store);
      return {
        match: async (key: Request | string) => store.get(urlOf(key))?.clone(),
        put: async (key: Request | string, answer: Response) => void store.set(urlOf(key), answer),
        keys: async () => [...store.keys()].map((url) => new Request(url)),
        delete: async (key: Request | string) => store.delete(urlOf(key)),
      };
    },
  };
}

function openCase() {
  const files = new Map<string, string>();
  const network = { is: "up" as "up" | "down" | "silent", status: 200 };
  const caches = cacheStorage();
  const works: Promise<unknown>[] = [];
  const time = { now: NOW };
  let slow: () => void = () => undefined;
  const deploy = (release: string, without: readonly string[] = []) => {
    files.clear();
    files.set(SCOPE, pageOf(release));
    for (const kind of ["js", "css"])
      if (!without.includes(kind))
        files.set(`${SCOPE}assets/main-${release}.${kind}`, `${kind} of ${release}`);
  };
  const shell = createShell({
    scope: SCOPE,
    caches: caches as unknown as CacheStorage,
    async fetch(request) {
      if (network.is === "down") throw new TypeError("Failed to fetch");
      if (network.is === "silent") return await new Promise<Response>(() => undefined);
      const url = typeof request === "string" ? request : request.url;
      const body = files.get(url.replace(/r\/.*/, ""));
      const status = body === undefined ? 404 : network.status;
      return new Response(body ?? "", { status, headers: { date: new Date(time.now).toUTCString() } });
    },
    now: () => time.now,
    wait: () => new Promise((resolve) => (slow = resolve)),
  });
  const keepAlive = (work: Promise<unknown>) => void works.push(work);
  return {
    ...{ shell, network, deploy, caches, time },
    timesOut: () => slow(),
    settled: () => Promise.all(works.splice(0)),
    async page(path = "", preloaded?: Response): Promise<string> {
      const answer = await shell.page(new Request(SCOPE + path), Promise.resolve(preloaded), keepAlive);
      return await answer.text();
    },
    asset: async (name: string) =>
      await (await shell.asset(new Request(`${SCOPE}assets/${name}`), keepAlive)).text(),
    kept: () =>
      [...(caches.stores.get(`suda ${SCOPE} 1`)?.keys() ?? [])].map((url) => url.slice(SCOPE.length)),
  };
}

test("only pages and assets below the path are answered", () => {
  const { kindOf } = openCase().shell;
  const of = (url: string, mode: RequestMode = "cors", method = "GET") => kindOf({ url, mode, method });
  expect(of(SCOPE, "navigate")).toBe("page");
  expect(of(`${SCOPE}r/lobby?at=3#x`, "navigate")).toBe("page");
  expect(of(`${SCOPE}assets/main-1.js`)).toBe("asset");
  const others = ["api/rooms", "api/me", "readyz", "ws", "robots.txt", "manifest.webmanifest", "sw.js"];
  for (const path of others) {
    expect(of(SCOPE + path)).toBeUndefined();
    expect(of(SCOPE + path, "navigate")).toBeUndefined();
  }
  expect(of(`${SCOPE}assets/main-1.js`, "cors", "POST")).toBeUndefined();
  expect(of(SCOPE, "navigate", "POST")).toBeUndefined();
  expect(of("https://example.org/assets/other.js")).toBeUndefined();
  expect(of("https://example.org/", "navigate")).toBeUndefined();
});

test("an installed page opens without a network, at the address of any room", async () => {
  const { shell, network, deploy, page, asset } = openCase();
  deploy("one");
  await shell.install();
  network.is = "down";
  expect(await page("r/tea")).toBe(pageOf("one"));
  expect(await asset("main-one.js")).toBe("js of one");
});

test("a page of a new release shows at once, and is kept once all its assets are", async () => {
  const { shell, network, deploy, page, asset, settled } = openCase();
  deploy("one");
  await shell.install();
  deploy("two", ["css"]);
  expect(await page()).toBe(pageOf("two"));
  await settled();
  network.is = "down";
  expect(await page()).toBe(pageOf("one"));
  network.is = "up";
  deploy("two");
  await page();
  await settled();
  network.is = "down";
  expect(await page()).toBe(pageOf("two"));
  // A tab with the release before still finds its scripts.
  expect(await asset("main-one.js")).toBe("js of one");
});

test("a network that says nothing for three seconds, or that a proxy answers for, gives way to the cache", async () => {
  const { shell, network, deploy, page, timesOut, settled } = openCase();
  deploy("one");
  await shell.install();
  network.status = 502;
  expect(await page()).toBe(pageOf("one"));
  await settled();
  network.is = "silent";
  const opened = page();
  await Promise.resolve();
  await expect
    .poll(async () => {
      timesOut();
      return await Promise.race([opened, Promise.resolve("waits")]);
    })
    .toBe(pageOf("one"));
});

test("a page of somebody else in our place is shown and never kept", async () => {
  const { shell, network, deploy, page, settled, kept } = openCase();
  deploy("one");
  await shell.install();
  const before = kept();
  expect(await page("", new Response("<h1>Log in to the wireless network</h1>"))).toContain("wireless");
  await settled();
  expect(kept()).toEqual(before);
  network.is = "down";
  expect(await page()).toBe(pageOf("one"));
});

test("assets that a page loaded are kept, others leave after a week", async () => {
  const { shell, deploy, page, settled, kept, time } = openCase();
  deploy("one");
  await shell.install();
  deploy("two");
  await page();
  await settled();
  await shell.keepLoaded([
    `${SCOPE}assets/main-two.js`,
    `${SCOPE}api/rooms`,
    "https://example.com/assets/x.js",
  ]);
  expect(kept().toSorted()).toEqual(
    ["", "assets/main-one.css", "assets/main-one.js", "assets/main-two.css", "assets/main-two.js"].toSorted(),
  );
  time.now += 8 * DAY_MS;
  await shell.keepLoaded([]);
  expect(kept().toSorted()).toEqual(["", "assets/main-two.css", "assets/main-two.js"]);
});

test("caches of other clusters of the host stay, those of an older form go", async () => {
  const { shell, caches } = openCase();
  for (const name of [`suda ${SCOPE} 0`, "suda https://example.org/ 1", "of somebody else"])
    await caches.open(name);
  await shell.dropOldForms();
  expect(await caches.keys()).toEqual(["suda https://example.org/ 1", "of somebody else"]);
});
