/** The pace of what is shown: the first change at once, then no more than eight a second, however fast messages come. */
import { effect, type ReadonlySignal, signal } from "@preact/signals";
import type { Clock } from "../sync/clock.ts";

export const PACE_MS = 125;

export type Paced<T> = { value: ReadonlySignal<T>; stop(): void };

/** Follows `source`, which is not even computed in between. Ends with `stop`. */
export function createPaced<T>(source: ReadonlySignal<T>, clock: Pick<Clock, "after">): Paced<T> {
  const value = signal(source.peek());
  const isResting = signal(false);
  let cancel = () => {};

  const end = effect(() => {
    // While it rests this depends on nothing else, so nothing else wakes it.
    if (isResting.value) return;
    const next = source.value;
    if (next === value.peek()) return;
    value.value = next;
    isResting.value = true;
    cancel = clock.after(PACE_MS, () => {
      isResting.value = false;
    });
  });

  return {
    value,
    stop() {
      cancel();
      end();
    },
  };
}
