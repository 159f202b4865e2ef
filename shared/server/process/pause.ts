/** Waiting that can be cut short. */
import { setTimeout as wait } from "node:timers/promises";

/** Resolves after `ms`, or at once on the signal: never with an error for it. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
