/** Seconds until a time of this machine's clock, counted down in view. */
import type { ReadonlySignal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { createCountdown } from "../../state/countdown.ts";
import { systemClock } from "../../sync/clock.ts";

/** @param until milliseconds since the epoch; undefined: no countdown. */
export function useSecondsLeft(until: number | undefined): ReadonlySignal<number | undefined> {
  const [countdown] = useState(() => createCountdown(systemClock));
  useEffect(() => {
    countdown.countTo(until);
    return () => countdown.countTo(undefined);
  }, [until]);
  return countdown.secondsLeft;
}
