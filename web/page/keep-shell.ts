/** Has the browser keep the page and all that it loaded, so that it opens without a network. */
import { PREFIX } from "../sync/urls.ts";

/** Does nothing in browsers without service workers, and in pages that came without TLS from another machine. */
export async function keepShell(view: Window & typeof globalThis): Promise<void> {
  const { serviceWorker } = view.navigator;
  if (!serviceWorker) return;
  try {
    await serviceWorker.register(`${PREFIX}/sw.js`, { scope: `${PREFIX}/`, updateViaCache: "none" });
    const { active } = await serviceWorker.ready;
    // Most was fetched before the worker was there.
    const loaded = view.performance.getEntriesByType("resource").map(({ name }) => name);
    active?.postMessage({ loaded });
  } catch {
    // Private windows of some browsers refuse it. The page needs a network then.
  }
}
