/**
 * Keeps the focus when the focused element is removed (a closed note, a handled entry, the button to the newest
 * message) or disabled (the field of a person who is muted in the middle of a word). The browser would drop the focus,
 * and people with a keyboard or a screen reader would lose their place. Here the focus moves to a neighbour of the
 * element.
 */

const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex]";
/** Focusing one of these would open a phone's keyboard. */
const WRITTEN_IN = "textarea, input:not([type=radio], [type=checkbox])";

type Place = { element: HTMLElement; around: readonly HTMLElement[]; order: readonly HTMLElement[] };

/** Watches the whole document for as long as it exists. @param fallback gets the focus when no neighbour is left. */
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

/**
 * The `ref` of a screen that replaces the focused element. A constant, because Preact calls a new `ref` at each render.
 */
export const takeFocus = (screen: HTMLElement | null) => screen?.focus();

function placeOf(element: HTMLElement): Place {
  const around: HTMLElement[] = [];
  for (let up = element.parentElement; up && up !== document.body; up = up.parentElement) around.push(up);
  return { element, around, order: focusables(document.body) };
}

/** Looks in the nearest surviving ancestor, first behind the element, then before it, then among new elements. */
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
