/** Runs before the first paint, so a chosen theme never flashes. A file, because the CSP allows no inline script. */

import { applyTheme } from "./page/theme-mark.ts";
import { browserAreas, createStore, likelyOwner, preferred } from "./sync/storage.ts";

const store = createStore(browserAreas);
applyTheme(preferred(store, "theme", likelyOwner(store)) ?? "system");
