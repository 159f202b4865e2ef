/** Paces the display: the first change at once, then at most eight a second, and fewer where rendering takes long. */
import { effect, type ReadonlySignal, signal } from "@preact/signals";
import type { Clock } from "../sync/clock.ts";

export const PACE_MS = 125;
/** After each render the page rests this many times as long as it took, and can handle taps and keys. */
const RESTS = 3;
/** The longest rest, so that on a slow machine people see their own messages soon. */
export const MAX_REST_MS = 250;

export type Paced<T> = {
  value: ReadonlySignal<T>;
  /** The value was just rendered, which kept the page busy for `ms`. */
  took(ms: number): void;
  stop(): void;
};

/** Follows `source`, which is not computed during a rest. Ends with `stop`. */
export function createPaced<T>(source: ReadonlySignal<T>, clock: Pick<Clock, "after">): Paced<T> {
  const value = signal(source.peek());
  const isResting = signal(false);
  let cancel = () => {};

  const end = effect(() => {
    // During a rest the effect depends only on `isResting`, so nothing else wakes it.
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
