/** Runs in the head, before the first paint, so that a chosen theme never flashes. A file, since the CSP allows no inline script. */
import { createStore } from "./state/storage.ts";
import { applyTheme, isTheme, THEME_KEY } from "./theme-mark.ts";

applyTheme(createStore(() => localStorage).read(THEME_KEY, isTheme) ?? "system");
