/** Whether messages come faster than people can read or hear them one by one. */
import { computed, signal } from "@preact/signals";
import type { Cancel, Clock } from "../sync/clock.ts";

/** More than this many messages in a second are too fast. */
const READABLE_PER_S = 5;
/** A room is calm again after this time without such a second. */
const CALM_MS = 3_000;

export function createRoomSpeed(clock: Pick<Clock, "now" | "after">) {
  const isFast = signal(false);
  let beganAt = Number.NEGATIVE_INFINITY;
  let count = 0;
  let cancel: Cancel = () => undefined;

  return {
    isFast: computed(() => isFast.value),
    /** A message came live. */
    note() {
      const now = clock.now();
      if (now - beganAt >= 1_000) {
        beganAt = now;
        count = 0;
      }
      count += 1;
      if (count !== READABLE_PER_S + 1) return;
      isFast.value = true;
      cancel();
      cancel = clock.after(CALM_MS, () => {
        isFast.value = false;
      });
    },
  };
}
