/** Dark or light: what the person chose, or what the system says. Kept in local storage. */
import { computed, effect, signal } from "@preact/signals";
import { applyTheme, isTheme, THEME_KEY, type Theme } from "../theme-mark.ts";
import type { Store } from "./storage.ts";

export function createTheme(store: Store) {
  const theme = signal<Theme>(store.read(THEME_KEY, isTheme) ?? "system");
  effect(() => applyTheme(theme.value));

  return {
    theme: computed(() => theme.value),
    choose(next: Theme) {
      theme.value = next;
      store.write(THEME_KEY, next);
    },
  };
}
