/** How a chosen theme is kept and marked on the page: said once for the client and for the script in the head. */

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];
export const THEME_KEY = "theme";

export const isTheme = (value: unknown): value is Theme => THEMES.some((theme) => theme === value);

/** Styles follow the system unless the root element is marked. */
export function applyTheme(theme: Theme) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
