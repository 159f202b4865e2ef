/** Typed characters go to the message field wherever the focus is, so that nobody has to find the field first. */
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

/** Elements that handle keys themselves. */
const OWN_KEYS = "input, textarea, select, [contenteditable]";
const ABOVE = "dialog[open], :popover-open";

/** @param field gets the focus, and so the key itself, before the browser decides where it goes. */
export function useTypingAnywhere(field: RefObject<HTMLTextAreaElement | null>) {
  useEffect(() => {
    document.addEventListener("keydown", reach);
    return () => document.removeEventListener("keydown", reach);
  }, []);

  function reach(event: KeyboardEvent) {
    if (event.defaultPrevented || event.isComposing || !writes(event)) return;
    const at = document.activeElement;
    if (at?.matches(OWN_KEYS) || document.querySelector(ABOVE)) return;
    field.current?.focus();
  }
}

/** One character, or pasting. A space presses what has the focus, or scrolls. */
function writes({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey) return !altKey && key.toLowerCase() === "v";
  return !altKey && key !== " " && [...key].length === 1;
}
