/** Counts down the seconds until a given time. */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Cancel, Clock } from "../sync/clock.ts";

export type Countdown = {
  /** Whole seconds left, rounded up; undefined when the time has come, or none was given. */
  secondsLeft: ReadonlySignal<number | undefined>;
  /** Counts to `until`, milliseconds since the epoch by the given clock; undefined stops. */
  countTo(until: number | undefined): void;
};

export function createCountdown(clock: Pick<Clock, "now" | "after">): Countdown {
  const left = signal<number | undefined>(undefined);
  let cancel: Cancel = () => undefined;

  return { secondsLeft: computed(() => left.value), countTo };

  function countTo(until: number | undefined) {
    cancel();
    const leftMs = until === undefined ? 0 : until - clock.now();
    left.value = leftMs > 0 ? Math.ceil(leftMs / 1_000) : undefined;
    // Wakes when the shown second changes, not one second after this call.
    if (leftMs > 0) cancel = clock.after(leftMs % 1_000 || 1_000, () => countTo(until));
  }
}
