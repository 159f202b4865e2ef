/** Gives way: after each step of work that has many, others have the stores for themselves for a while. */
import { setTimeout as wait } from "node:timers/promises";

/** @param share of the time that a step took, which is waited after it when there is more to do. */
export function paced(
  run: () => Promise<boolean>,
  share: number,
  signal: AbortSignal,
): () => Promise<boolean> {
  return async () => {
    const began = performance.now();
    const more = await run();
    // A worker that stops does not wait.
    if (more) await wait((performance.now() - began) * share, undefined, { signal }).catch(() => undefined);
    return more;
  };
}
