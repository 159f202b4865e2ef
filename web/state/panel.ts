/** The panel beside the conversation on a wide screen: open or not, as the person left it. */
import { computed } from "@preact/signals";
import type { Kept } from "./kept.ts";

export function createPanel(kept: Kept) {
  const chosen = kept.of("panel");
  const isOpen = computed(() => chosen.value === "people");

  return {
    isOpen,
    toggle: () => kept.change("panel", () => (isOpen.peek() ? "none" : "people")),
  };
}
