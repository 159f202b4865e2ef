/**
 * What has the focus may be taken away with what it was for: a closed note, a handled entry, the way to the newest message.
 * Or it becomes disabled, as the field of somebody who is muted amid a word. The browser would leave the focus nowhere then,
 * and with it whoever works by keyboard or screen reader. Here it goes to what stood next to it.
 */

const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex]";
/** Setting the focus there would bring up a keyboard that nobody asked for. */
const WRITTEN_IN = "textarea, input:not([type=radio], [type=checkbox])";

type Place = { element: HTMLElement; around: readonly HTMLElement[]; order: readonly HTMLElement[] };

/** Watches the whole document, for as long as it is there. @param fallback where the focus goes when nothing is left around it. */
export function keepFocus(document: Document, fallback: () => HTMLElement | null) {
  let last: Place | undefined;

  document.addEventListener("focusin", ({ target }) => {
    if (target instanceof HTMLElement) last = placeOf(target);
  });
  // A focus that was moved on purpose, even to nowhere, is not restored.
  document.addEventListener("pointerdown", ({ target }) => {
    if (last && target instanceof Node && !last.element.contains(target)) last = undefined;
  });
  new MutationObserver(() => {
    if (!last || (last.element.isConnected && !last.element.matches(":disabled"))) return;
    // A disabled element keeps the focus until the next frame, or as long as it is disabled: browsers differ.
    if (![document.body, last.element].includes(document.activeElement as HTMLElement)) return;
    const next = neighbour(last) ?? fallback();
    last = undefined;
    next?.focus({ preventScroll: true });
  }).observe(document.body, { childList: true, subtree: true, attributeFilter: ["disabled"] });
}

/** As the `ref` of a screen that takes the place of what had the focus. One function, since a new one would take it with each render. */
export const takeFocus = (screen: HTMLElement | null) => screen?.focus();

function placeOf(element: HTMLElement): Place {
  const around: HTMLElement[] = [];
  for (let up = element.parentElement; up && up !== document.body; up = up.parentElement) around.push(up);
  return { element, around, order: focusables(document.body) };
}

/** In the nearest thing around it that is left: what came after it, else before it, else what is new there. */
function neighbour({ element, around, order }: Place): HTMLElement | undefined {
  const at = order.indexOf(element);
  for (const box of around) {
    if (!box.isConnected) continue;
    const there = focusables(box);
    const after = there.find((each) => order.indexOf(each) > at);
    const found = after ?? there.findLast((each) => order.includes(each)) ?? there[0];
    if (found) return found;
  }
  return undefined;
}

function focusables(box: ParentNode): HTMLElement[] {
  const isCoarse = matchMedia("(pointer: coarse)").matches;
  return [...box.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(
    (each) =>
      each.tabIndex >= 0 &&
      !each.matches(":disabled") &&
      each.checkVisibility({ visibilityProperty: true }) &&
      !(isCoarse && each.matches(WRITTEN_IN)),
  );
}
