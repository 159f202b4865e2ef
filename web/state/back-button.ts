/**
 * On a phone the back button closes what is above the page before it leads anywhere. While something is open there, one entry of the history
 * stands for it, marked by its state; route.ts replaces it when a room is chosen.
 */
import { effect } from "@preact/signals";
import type { Dialogs } from "./dialogs.ts";

type Deps = { dialogs: Pick<Dialogs, "open" | "close">; view: Window };

const PHONE = "(pointer: coarse)";
/** Everything above the page that is no dialog. */
const LAYER = ":popover-open, .actions";

/** Listens from now on, for as long as the page is open. */
export function listenToBack({ dialogs, view }: Deps): void {
  const { document, history } = view;
  /** As `isMarked` was when it was last looked at. */
  let wasMarked = false;
  /** The marked entry is being left, which takes the browser a moment. */
  let isLeaving = false;
  let isDue = false;

  effect(() => {
    dialogs.open.value;
    settleSoon();
  });
  for (const type of ["toggle", "close", "focusin"])
    document.addEventListener(type, settleSoon, { capture: true });
  view.addEventListener("popstate", () => {
    if (isLeaving) isLeaving = false;
    else if (wasMarked && !isMarked()) closeTopmost();
    wasMarked = isMarked();
    settleSoon();
  });

  /** After whatever is being done, because a room may be chosen and one layer may replace another. */
  function settleSoon() {
    if (!isDue) view.setTimeout(settle);
    isDue = true;
  }

  function settle() {
    isDue = false;
    if (isLeaving) return;
    const isOpen = dialogs.open.peek() !== undefined || Boolean(document.querySelector(LAYER));
    if (isOpen && !isMarked() && view.matchMedia(PHONE).matches) history.pushState({ layer: true }, "");
    // Also when one went forward, or loaded the page again.
    isLeaving = !isOpen && isMarked();
    wasMarked = isMarked();
    if (isLeaving) history.back();
  }

  function isMarked(): boolean {
    return history.state?.layer === true;
  }

  function closeTopmost() {
    if (dialogs.open.peek() !== undefined) return dialogs.close();
    const layer = document.querySelector<HTMLElement>(LAYER);
    if (layer?.matches(":popover-open")) layer.hidePopover();
    else layer?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
  }
}
