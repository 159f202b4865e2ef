/** A page of a fake browser, whose keeping a test reads. */
import { signal } from "@preact/signals";
import { createFakeBrowser } from "../sync/storage.fake.ts";
import { createStore, GUEST } from "../sync/storage.ts";
import { createKept } from "./kept.ts";

/** One page: what it keeps, for whoever `owner` says. */
export function openFakePage(tab = createFakeBrowser().openTab(), whose = GUEST) {
  const owner = signal(whose);
  const store = createStore(tab.areas);
  return { tab, owner, store, kept: createKept(store, owner) };
}
