/**
 * Runs before the first paint, so a chosen theme never flashes, and names the words of the page's language early, so that they are fetched
 * beside the page's own script and not after it. A file, because the CSP allows no inline script.
 */

import { applyLook } from "./page/look.ts";
import { applyTheme } from "./page/theme-mark.ts";
import { browserAreas, likelyOwner, preferred, readChoices } from "./sync/storage.ts";
import { languageFor } from "./words/languages.ts";

const store = readChoices(browserAreas);
const owner = likelyOwner(store);
applyTheme(preferred(store, "theme", owner) ?? "system");
applyLook({
  textSize: preferred(store, "textSize", owner),
  motion: preferred(store, "motion", owner),
  density: preferred(store, "density", owner) ?? "compact",
});

const language = languageFor(preferred(store, "language", owner), navigator.languages);
const words = document.currentScript?.dataset[language];
if (words) {
  const link = document.createElement("link");
  link.rel = "modulepreload";
  link.href = words;
  document.head.append(link);
}
