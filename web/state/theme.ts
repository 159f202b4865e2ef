/** Dark or light: the person's choice, or else the system's. */
import { computed, effect } from "@preact/signals";
import { applyTheme } from "../page/theme-mark.ts";
import type { Theme } from "../sync/choices.ts";
import type { Kept } from "./kept.ts";

export function createTheme(kept: Kept) {
  const chosen = kept.preference("theme");
  const theme = computed<Theme>(() => chosen.value ?? "system");
  effect(() => applyTheme(theme.value));

  return { theme, choose: (next: Theme) => kept.change("theme", () => next) };
}
