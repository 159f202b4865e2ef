/**
 * The page and its assets in the browser's cache, so that the page opens without a network. Answers nothing else: requests of the
 * API and sockets never come here. The page comes from the network where there is one, so nobody gets a stale one; a page of any
 * release finds its own assets, because their names have a hash of their content.
 */

/** A page that takes longer comes from the cache, if it is there. */
const PATIENCE_MS = 3_000;
/** An asset of another release is kept for pages that are still open, and may be fetched again afterwards. */
const OTHERS_KEPT_MS = 7 * 86_400_000;
/** More than a page loads. */
const MAX_LOADED = 200;
const ASSET_OF_PAGE = /="([^"]*\/assets\/[^"]+)"/g;
/** Assets are the same in every encoding. */
const MATCH = { ignoreVary: true };

export type ShellDeps = {
  /** The address of the page of the lobby, below which the cluster lives. */
  scope: string;
  caches: CacheStorage;
  fetch: (request: Request | string, options?: RequestInit) => Promise<Response>;
  now: () => number;
  wait: (ms: number) => Promise<void>;
};

export function createShell({ scope, caches, fetch, now, wait }: ShellDeps) {
  /** Other clusters of this origin have caches of their own. */
  const family = `suda ${scope} `;
  const name = `${family}1`;
  const isAsset = (url: string): boolean => url.startsWith(`${scope}assets/`);

  return { kindOf, page, asset, install, keepLoaded, dropOldForms };

  /** Which of the two functions below answers a request; undefined: the browser, as without a worker. */
  function kindOf({
    method,
    mode,
    url,
  }: Pick<Request, "method" | "mode" | "url">): "page" | "asset" | undefined {
    if (method !== "GET") return undefined;
    const [path = ""] = url.split(/[?#]/);
    if (mode !== "navigate") return isAsset(path) ? "asset" : undefined;
    return path === scope || path.startsWith(`${scope}r/`) ? "page" : undefined;
  }

  /**
   * The page from the network, and from the cache when that fails or takes long.
   * @param preloaded the answer that the browser asked for already, if it did.
   * @param keepAlive holds the worker until the page is in the cache.
   */
  async function page(
    request: Request,
    preloaded: Promise<Response | undefined>,
    keepAlive: (work: Promise<unknown>) => void,
  ): Promise<Response> {
    const fresh = preloaded.then((answer) => answer ?? fetch(request));
    const known = await inCache((cache) => cache.match(scope, MATCH));
    const kept = fresh.then((answer) => keep(answer.clone()));
    // The page was answered all the same, and the next one is kept.
    keepAlive(kept.catch(() => undefined));
    if (!known) return await fresh;
    const answered = fresh.then(
      (answer) => (answer.status >= 500 ? known : answer),
      () => known,
    );
    return await Promise.race([answered, wait(PATIENCE_MS).then(() => known)]);
  }

  /** An asset from the cache, or from the network into it. */
  async function asset(request: Request, keepAlive: (work: Promise<unknown>) => void): Promise<Response> {
    const known = await inCache((cache) => cache.match(request, MATCH));
    if (known) return known;
    const answer = await fetch(request);
    if (answer.status === 200) keepAlive(inCache((cache, copy = answer.clone()) => cache.put(request, copy)));
    return answer;
  }

  /** Fetches the page and its assets. @throws when one of them does not come. */
  async function install(): Promise<void> {
    await keep(await fetch(scope, { cache: "no-cache" }));
  }

  /** Keeps all that a page has loaded, such as scripts from before the worker, and drops what no page of a week has needed. */
  async function keepLoaded(loaded: readonly string[]): Promise<void> {
    const cache = await caches.open(name);
    const page = await (await cache.match(scope, MATCH))?.text();
    const needed = new Set([...loaded.slice(0, MAX_LOADED).filter(isAsset), ...assetsOf(page ?? "")]);
    await keepAssets(cache, needed);
    for (const request of await cache.keys()) {
      if (needed.has(request.url) || request.url === scope) continue;
      const sentAt = Date.parse((await cache.match(request, MATCH))?.headers.get("date") ?? "");
      if (!(now() - sentAt < OTHERS_KEPT_MS)) await cache.delete(request, MATCH);
    }
  }

  /** Drops the caches of workers that kept something else. */
  async function dropOldForms(): Promise<void> {
    const old = (await caches.keys()).filter((each) => each.startsWith(family) && each !== name);
    for (const each of old) await caches.delete(each);
  }

  /** Keeps the page once all its assets are there, so that a kept page is always whole. */
  async function keep(answer: Response): Promise<void> {
    if (answer.status !== 200 || answer.redirected) return;
    const copy = answer.clone();
    const assets = assetsOf(await answer.text());
    // Something else answered in the place of nginx.
    if (assets.length === 0) return;
    const cache = await caches.open(name);
    await keepAssets(cache, assets);
    await cache.put(scope, copy);
  }

  async function keepAssets(cache: Cache, assets: Iterable<string>): Promise<void> {
    for (const url of assets) {
      if (await cache.match(url, MATCH)) continue;
      const answer = await fetch(url);
      if (answer.status !== 200) throw new Error(`an asset is answered with ${answer.status}`);
      await cache.put(url, answer);
    }
  }

  function assetsOf(page: string): string[] {
    const urls = [...page.matchAll(ASSET_OF_PAGE)].map(([, path = ""]) => new URL(path, scope).href);
    return urls.filter(isAsset);
  }

  /** @returns undefined where the browser has no storage for it. */
  async function inCache<T>(work: (cache: Cache) => Promise<T>): Promise<T | undefined> {
    try {
      return await work(await caches.open(name));
    } catch {
      return undefined;
    }
  }
}
