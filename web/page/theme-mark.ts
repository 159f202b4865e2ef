/** Marks the chosen theme on the page. Shared by the client and the script in the head. */

import type { Theme } from "../sync/choices.ts";

/** Styles, and the colour of the browser around the page, follow the system unless the root element is marked. */
export function applyTheme(theme: Theme) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  for (const meta of document.querySelectorAll<HTMLMetaElement>("meta[data-scheme]")) {
    const { scheme } = meta.dataset;
    const chosen = scheme === theme ? "all" : "not all";
    meta.media = theme === "system" ? `(prefers-color-scheme: ${scheme})` : chosen;
  }
}
