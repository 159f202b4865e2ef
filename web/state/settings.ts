/** The choices of the settings dialog, each of the person and not of the browser, applied at once and in other tabs. */
import { computed, effect, type ReadonlySignal } from "@preact/signals";
import { applyLook } from "../page/look.ts";
import { CHOICES, type ChoiceKey, type ChoiceOf } from "../sync/choices.ts";
import type { ValueOf } from "../sync/stored-values.ts";
import type { Kept } from "./kept.ts";

export type Settings = ReturnType<typeof createSettings>;

export function createSettings(kept: Kept, density: ReadonlySignal<string>) {
  const stored = {
    textSize: kept.preference("textSize"),
    clock: kept.preference("clock"),
    motion: kept.preference("motion"),
    aloud: kept.preference("aloud"),
    sound: kept.preference("sound"),
    keys: kept.preference("keys"),
  };
  effect(() =>
    applyLook({
      textSize: stored.textSize.value,
      motion: stored.motion.value,
      density: density.value,
    }),
  );
  const isSoundOn = computed(() => stored.sound.value === "on");
  /** Whether keys without Ctrl, Alt or Cmd do something outside of the field. */
  const hasSingleKeys = computed(() => stored.keys.value !== "off");

  return {
    isSoundOn,
    hasSingleKeys,
    aloud: computed(() => of("aloud")),
    of,
    choose<K extends ChoiceKey>(key: K, next: ChoiceOf<K>) {
      kept.change(key, () => next as ValueOf<K>);
    },
  };

  /** The choice, or else the first of the possible ones. */
  function of<K extends ChoiceKey>(key: K): ChoiceOf<K> {
    return (stored[key].value ?? CHOICES[key][0]) as ChoiceOf<K>;
  }
}
