import type { ReadonlySignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { createPaced } from "../../state/paced.ts";
import { systemClock } from "../../sync/clock.ts";

/** The value of `source`, the same signal in every render, updated at the pace of rendering. */
export function usePaced<T>(source: ReadonlySignal<T>): T {
  const [paced] = useState(() => createPaced(source, systemClock));
  const value = paced.value.value;
  const startedAt = performance.now();
  useLayoutEffect(
    // Layout and paint follow in the same task, so a timer runs after them.
    () => systemClock.after(0, () => paced.took(performance.now() - startedAt)),
    [value],
  );
  useEffect(() => paced.stop, []);
  return value;
}
