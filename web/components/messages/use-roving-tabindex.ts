/**
 * Roving tabindex for the message list, which is one stop of the Tab key: up and down go from one message to the next, left and right to
 * whatever can be pressed in it.
 */
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { own } from "../../../shared/own.ts";
import type { Row } from "../../state/timeline.ts";

const STEPS: Partial<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1 };

const SIDEWAYS: Partial<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };
/** Everything that can be pressed in a message. None of it is a stop of the Tab key, except one `.more`. */
const INSIDE = ".quote, .name, button.mention, .bubble a, .fold, .more, .reaction";
/** A name that is only for screen readers has no size. */
const isSeen = (each: Element) => each.getBoundingClientRect().width > 1;
const insideOf = (row: Element | null | undefined) =>
  [...(row?.querySelectorAll<HTMLElement>(INSIDE) ?? [])].filter(isSeen);
const nameIn = (row: Element | null | undefined) => insideOf(row).find((each) => each.matches(".name"));

/** @param log where the buttons of class `more` are. @returns handlers for it. */
export function useRovingTabindex(log: RefObject<HTMLElement | null>, rows: readonly Row[]) {
  const stop = useRef<HTMLElement | undefined>(undefined);
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
    if (!(target instanceof HTMLElement) || !target.matches(INSIDE)) return;
    isHeld.current = true;
    const more = target.matches(".name") ? undefined : target.closest("[data-row]")?.querySelector(".more");
    if (more instanceof HTMLElement) stopAt(more);
  }

  function onFocusOut({ relatedTarget }: FocusEvent) {
    // Without a `relatedTarget` the focused button was probably removed, so its place is kept.
    if (relatedTarget !== null) isHeld.current = false;
  }

  function onKeyDown(event: KeyboardEvent) {
    const at = document.activeElement;
    const aside = own(SIDEWAYS, event.key);
    const step = aside ?? own(STEPS, event.key);
    if (step === undefined || !(at instanceof HTMLElement) || !at.matches(INSIDE)) return;
    event.preventDefault();
    if (aside !== undefined) return goAside(at, aside);
    // From within a message back to it.
    if (at !== stop.current) return stop.current?.focus();
    const all = buttons();
    all[all.indexOf(stop.current) + step]?.focus();
  }

  function goAside(from: HTMLElement, step: number) {
    const row = stop.current?.closest("[data-row]");
    // In a run of bubbles the name stands above the first one only.
    let named = row;
    while (named && !nameIn(named)) named = named.previousElementSibling;
    const all = [...new Set([nameIn(named) ?? from, ...insideOf(row)])];
    all[all.indexOf(from) + step]?.focus();
  }

  function buttons(): HTMLElement[] {
    return [...(log.current?.querySelectorAll<HTMLElement>(".more") ?? [])];
  }

  function stopAt(button: HTMLElement | undefined) {
    if (stop.current) stop.current.tabIndex = -1;
    if (button) button.tabIndex = 0;
    stop.current = button;
  }
}
