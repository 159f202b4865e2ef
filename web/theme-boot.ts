/** Runs in the head, before the first paint, so that a chosen theme never flashes. A file, since the CSP allows no inline script. */
import { browserAreas, createStore, likelyOwner, preferred } from "./sync/storage.ts";
import { applyTheme } from "./theme-mark.ts";

const store = createStore(browserAreas);
applyTheme(preferred(store, "theme", likelyOwner(store)) ?? "system");
