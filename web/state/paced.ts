/**
 * The pace of what is shown: the first change at once, then no more than eight a second, however fast messages come, and fewer where
 * showing takes long.
 */
import { effect, type ReadonlySignal, signal } from "@preact/signals";
import type { Clock } from "../sync/clock.ts";

export const PACE_MS = 125;
/** As long as showing took, so many times that long the page is left to whoever taps and types. */
const RESTS = 3;
/** Who talks on a slow machine sees their own words after this at the latest. */
export const MAX_REST_MS = 250;

export type Paced<T> = {
  value: ReadonlySignal<T>;
  /** It was shown just now, and that kept the page busy for so long. */
  took(ms: number): void;
  stop(): void;
};

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
    rest(PACE_MS);
  });

  return { value, took, stop };

  function took(ms: number) {
    if (isResting.peek() && ms * (RESTS + 1) > PACE_MS) rest(Math.min(ms * RESTS, MAX_REST_MS));
  }

  function rest(ms: number) {
    cancel();
    cancel = clock.after(ms, () => {
      isResting.value = false;
    });
  }

  function stop() {
    cancel();
    end();
  }
}
