/** How messages stand in the room: compact, unless the person chose otherwise. */
import { computed, effect } from "@preact/signals";
import type { Density } from "../sync/choices.ts";
import type { Kept } from "./kept.ts";

export function createDensity(kept: Kept) {
  const chosen = kept.preference("density");
  const density = computed<Density>(() => chosen.value ?? "compact");
  effect(() => {
    document.documentElement.dataset.density = density.value;
  });

  return { density, choose: (next: Density) => kept.change("density", () => next) };
}
