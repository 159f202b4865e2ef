/**
 * Served in the place of the service worker with SUDA_OFFLINE=off: takes itself and all that was kept away. The page then comes
 * from the network only.
 */
import type { WorkerScope } from "./offline/worker-scope.ts";

const worker = globalThis as unknown as WorkerScope;
const { registration } = worker;

worker.addEventListener("install", (event) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener("activate", (event) => event.waitUntil(takeAway()));

async function takeAway(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(`suda ${registration.scope} `)).map((name) => caches.delete(name)),
  );
  await registration.unregister();
}
