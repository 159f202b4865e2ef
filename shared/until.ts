/** Waits for a condition by polling, for conditions that send no event. */

type Polling = { withinMs?: number; everyMs?: number };

const WITHIN_MS = 15_000;
const EVERY_MS = 40;

/**
 * Polls until `check` answers true. An error of `check` counts as "not yet" and becomes the cause.
 * @throws Error `<what>: not within <n> s` on time-out.
 */
export async function until(
  what: string,
  check: () => Promise<boolean> | boolean,
  { withinMs = WITHIN_MS, everyMs = EVERY_MS }: Polling = {},
): Promise<void> {
  let cause: unknown;
  const isTrue = async (): Promise<boolean> => {
    try {
      cause = undefined;
      return await check();
    } catch (error) {
      cause = error;
      return false;
    }
  };
  if (await comesTrue(isTrue, { withinMs, everyMs })) return;
  throw new Error(`${what}: not within ${withinMs / 1_000} s`, { cause });
}

/** Polls until `check` answers true. @returns false on time-out. */
export async function comesTrue(
  check: () => Promise<boolean> | boolean,
  { withinMs = WITHIN_MS, everyMs = EVERY_MS }: Polling = {},
): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (!(await check())) {
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  return true;
}
