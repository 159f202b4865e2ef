/** Where the search stands: beside the conversation where there is room, and in a sheet elsewhere. */
import { computed, signal } from "@preact/signals";
import { createSearchApi } from "../sync/search-api.ts";
import type { App } from "./app.ts";
import { createSearch } from "./search.ts";

/** The same width as in the style sheets: from here on a panel is beside the conversation. */
const WIDE = "(width >= 64rem)";

export type SearchPlace = ReturnType<typeof createSearchPlace>;
type Deps = Pick<App, "dialogs" | "panel"> & { view: Window };

function createSearchPlace({ dialogs, panel, view }: Deps) {
  const isOpen = signal(false);
  const wanted = signal(0);
  const isWide = () => view.matchMedia(WIDE).matches;

  return {
    isWide,
    isOpen: computed(() => isOpen.value),
    /** Grows when the person wants to type what to search for. */
    wanted: computed(() => wanted.value),
    open() {
      wanted.value += 1;
      if (isWide()) isOpen.value = true;
      else dialogs.show({ at: "search" });
    },
    close() {
      isOpen.value = false;
    },
    /** The people take the place of the search. */
    togglePeople() {
      if (!isWide()) return dialogs.show({ at: "people" });
      if (!isOpen.peek() || !panel.isOpen.peek()) panel.toggle();
      isOpen.value = false;
    },
  };
}

/** The search and its place, which know nothing of the previous user. */
export function openSearch(app: App) {
  const { api, clock, view } = app.platform;
  const search = createSearch({ ...app, clock, ask: createSearchApi(api) });
  const searchPlace = createSearchPlace({ ...app, view });
  app.whenUserLeaves(() => {
    search.clear();
    searchPlace.close();
  });
  return { search, searchPlace };
}
