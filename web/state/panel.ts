/** Small choices that the first script needs: whether the panel beside the conversation is open, and whether messages are read out. */
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

/** Whether a screen reader reads out each message. */
export function createReadAloud(kept: Kept) {
  const chosen = kept.preference("aloud");
  return computed(() => (chosen.value ?? "all") === "all");
}
