/** A page of a fake browser with stored values that a test can read. */
import { signal } from "@preact/signals";
import { createFakeBrowser } from "../sync/storage.fake.ts";
import { createStore, GUEST } from "../sync/storage.ts";
import { createKept } from "./kept.ts";

/** Opens a page with the stored values of `owner`, which a test may change. */
export function openFakePage(tab = createFakeBrowser().openTab(), whose = GUEST) {
  const owner = signal(whose);
  const store = createStore(tab.areas);
  return { tab, owner, store, kept: createKept(store, owner) };
}
