/** Roving tabindex for the message list: Tab reaches one message, the arrow keys go from one to the next, and to its author. */
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { own } from "../../../shared/own.ts";
import type { Row } from "../../state/timeline.ts";

const STEPS: Partial<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1 };

/** Keys that lead from a name back to the message. */
const BACK: ReadonlySet<string> = new Set(["ArrowRight", "ArrowUp", "ArrowDown"]);
/** A name that is only for screen readers has no size. */
const isSeen = (name: Element | null) => name !== null && name.getBoundingClientRect().width > 1;

/** @param log where the buttons of class `more` are. @returns handlers for it. */
export function useRovingTabindex(log: RefObject<HTMLElement | null>, rows: readonly Row[]) {
  const stop = useRef<HTMLButtonElement | undefined>(undefined);
  const isHeld = useRef(false);

  useLayoutEffect(() => {
    const isGone = stop.current?.isConnected === false;
    if (isHeld.current && !isGone) return;
    const newest = buttons().at(-1);
    stopAt(newest);
    if (isHeld.current && document.activeElement === document.body) newest?.focus();
  }, [rows]);

  return { onFocusIn, onFocusOut, onKeyDown };

  function onFocusIn({ target }: FocusEvent) {
    if (!(target instanceof HTMLButtonElement) || !target.matches(".more, .name")) return;
    isHeld.current = true;
    if (target.matches(".more")) stopAt(target);
  }

  function onFocusOut({ relatedTarget }: FocusEvent) {
    // Without a `relatedTarget` the focused button was probably removed, so its place is kept.
    if (relatedTarget !== null) isHeld.current = false;
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "ArrowLeft" && document.activeElement === stop.current) return goToName(event);
    if (document.activeElement?.matches(".name") && BACK.has(event.key)) return goBack(event);
    const step = own(STEPS, event.key);
    if (step === undefined || !stop.current || document.activeElement !== stop.current) return;
    const all = buttons();
    event.preventDefault();
    all[all.indexOf(stop.current) + step]?.focus();
  }

  function goToName(event: KeyboardEvent) {
    // In a run of bubbles the name stands above the first one only.
    let row = stop.current?.closest("[data-row]");
    while (row && !isSeen(row.querySelector(".name"))) row = row.previousElementSibling;
    event.preventDefault();
    row?.querySelector<HTMLElement>(".name")?.focus();
  }

  function goBack(event: KeyboardEvent) {
    event.preventDefault();
    stop.current?.focus();
  }

  function buttons(): HTMLButtonElement[] {
    return [...(log.current?.querySelectorAll<HTMLButtonElement>(".more") ?? [])];
  }

  function stopAt(button: HTMLButtonElement | undefined) {
    if (stop.current) stop.current.tabIndex = -1;
    if (button) button.tabIndex = 0;
    stop.current = button;
  }
}
