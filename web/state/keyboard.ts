/** Handles the keys of the table for the whole page. Typing, input methods, dialogs and fields come first. */
import { focusField } from "../page/message-field.ts";
import { type HandledKey, isPressed, KEY_TABLE, type Place } from "../sync/key-table.ts";
import type { App } from "./app.ts";
import type { SearchPlace } from "./search-place.ts";
import type { Settings } from "./settings.ts";

/** Layers above the page, which have keys of their own. */
const ABOVE = "dialog[open], :popover-open";
const OWN_KEYS = "input, textarea, select, [contenteditable]";
const FIELD = "#message";
/** The share of the list by which a key pages. */
const PAGE = 0.9;

type Deps = Pick<App, "chat" | "dialogs" | "route" | "rooms"> & {
  searchPlace: Pick<SearchPlace, "open">;
  settings: Pick<Settings, "hasSingleKeys">;
  view: Window;
};

/** Listens from now on, for as long as the page is open. */
export function listenToKeys({ chat, dialogs, route, rooms, searchPlace, settings, view }: Deps): void {
  const { document, navigator } = view;
  const isApple = /Mac|iP(hone|ad|od)/.test(navigator.userAgent);
  const handlers: Record<HandledKey, () => void> = {
    switcher: () => dialogs.show({ at: "switcher" }),
    search: searchPlace.open,
    help: () => dialogs.show({ at: "keys" }),
    previousRoom: () => goBy(-1),
    nextRoom: () => goBy(1),
    newest() {
      chat.room.value.viewport.newest();
      focusField(view);
    },
    pageUp: () => scrollBy(-PAGE),
    pageDown: () => scrollBy(PAGE),
    last: () => chat.room.value.viewport.newest(),
  };

  // Before the field takes a typed character to itself. Escape is first for those who close something by it.
  document.addEventListener("keydown", (event) => event.key !== "Escape" && pressed(event), {
    capture: true,
  });
  document.addEventListener("keydown", (event) => event.key === "Escape" && pressed(event));

  function pressed(event: KeyboardEvent) {
    if (event.defaultPrevented || event.isComposing || document.querySelector(ABOVE)) return;
    const target = event.target as Element;
    const line = KEY_TABLE.find(
      (each) =>
        !("isElsewhere" in each) &&
        fits(each.where, event, target) &&
        each.keys.some((keys) => isPressed(keys, event, isApple)),
    );
    if (!line) return;
    event.preventDefault();
    handlers[line.id as HandledKey]();
  }

  function fits(where: Place, event: KeyboardEvent, target: Element): boolean {
    if (where === "list") return target.matches(".log, .log *") && !target.matches(OWN_KEYS);
    if (event.ctrlKey || event.metaKey) return true;
    // Within several lines these keys move the cursor.
    if (target.matches(FIELD))
      return event.key.length > 1 && !(target as HTMLTextAreaElement).value.includes("\n");
    if (target.matches(OWN_KEYS) || target.closest(".actions")) return false;
    return event.key.length > 1 || settings.hasSingleKeys.value;
  }

  /** To the room above or below in the list of rooms. */
  function goBy(step: number) {
    const here = route.room.value;
    const names = [...rooms.own(here, 0), ...rooms.others.value].map(({ name }) => name);
    const next = names[(names.indexOf(here) + step + names.length) % names.length];
    if (next !== undefined) route.go(next);
  }

  function scrollBy(share: number) {
    const log = document.querySelector(".log");
    log?.scrollBy({ top: share * log.clientHeight });
  }
}
