/**
 * The service worker: the page opens without a network. It is served as `sw.js` beside the page, and lives below the page's path. The
 * browser looks for a new one at every opening of the page; a new one takes over at once, and no page is loaded again for it.
 */
import { openKeptDatabase } from "./offline/kept-database.ts";
import { createNotices } from "./offline/notices.ts";
import { createShell } from "./offline/shell.ts";
import type { WorkerScope } from "./offline/worker-scope.ts";

const worker = globalThis as unknown as WorkerScope;
const { registration } = worker;

const shell = createShell({
  scope: registration.scope,
  caches,
  fetch: (request, options) => fetch(request, options),
  now: Date.now,
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
});

worker.addEventListener("install", (event) => {
  event.waitUntil(shell.install().then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(
    Promise.all([shell.dropOldForms(), registration.navigationPreload?.enable(), worker.clients.claim()]),
  );
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const keepAlive = (work: Promise<unknown>) => event.waitUntil(work);
  const kind = shell.kindOf(request);
  if (kind === "page") event.respondWith(shell.page(request, event.preloadResponse, keepAlive));
  if (kind === "asset") event.respondWith(shell.asset(request, keepAlive));
});

const notices = createNotices({
  registration,
  clients: worker.clients,
  // The name that pages have for it: `SITE`.
  database: openKeptDatabase(`suda${new URL(registration.scope).pathname.slice(0, -1)}`),
  locks: navigator.locks,
  language: navigator.language,
});

worker.addEventListener("push", (event) => event.waitUntil(notices.show(event.data?.json())));
worker.addEventListener("notificationclick", (event) => {
  const { notification } = event;
  event.waitUntil(notices.open({ data: notification.data, close: () => notification.close() }));
});

worker.addEventListener("message", (event) => {
  const { data } = event;
  if (!isLoaded(data)) return;
  // An asset that is not kept now is kept when it is fetched again.
  event.waitUntil(shell.keepLoaded(data.loaded).catch(() => undefined));
});

function isLoaded(data: unknown): data is { loaded: string[] } {
  const { loaded } = (data ?? {}) as { loaded?: unknown };
  return Array.isArray(loaded) && loaded.every((each) => typeof each === "string");
}
