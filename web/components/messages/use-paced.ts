import type { ReadonlySignal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { createPaced } from "../../state/paced.ts";
import { systemClock } from "../../sync/clock.ts";

/** The value of `source`, the same signal in every render, at the pace of what is shown. */
export function usePaced<T>(source: ReadonlySignal<T>): T {
  const [paced] = useState(() => createPaced(source, systemClock));
  useEffect(() => paced.stop, []);
  return paced.value.value;
}
