import { setTimeout as delay } from "node:timers/promises";

/**
 * Asks `check` every `everyMs` until it answers true. An error of `check` counts as "not yet" and becomes the cause.
 * @throws Error `<what> within <n> s` when that takes longer than `withinMs`.
 */
export async function until(
  what: string,
  check: () => Promise<boolean> | boolean,
  { withinMs = 15_000, everyMs = 40 } = {},
): Promise<void> {
  const deadline = performance.now() + withinMs;
  let cause: unknown;
  for (;;) {
    try {
      if (await check()) return;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > deadline) throw new Error(`${what}: not within ${withinMs / 1_000} s`, { cause });
    await delay(everyMs);
  }
}
