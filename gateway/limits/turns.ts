/** Work that is done a few pieces at a time. Askers take turns, so one who asks for much delays no other for long. */
import { Refusal } from "../errors.ts";

/** @param patienceMs who has waited this long is refused: `unavailable`. */
export function createTurns(maxAtOnce: number, patienceMs: number) {
  /** In the order of their next turns. */
  const waiting = new Map<string, (() => void)[]>();
  let running = 0;

  /** Does `work` when it is the asker's turn. @throws Refusal `unavailable` when that takes too long. */
  return async <T>(asker: string, work: () => Promise<T>): Promise<T> => {
    if (running < maxAtOnce) running++;
    else await wait(asker);
    try {
      return await work();
    } finally {
      pass();
    }
  };

  function wait(asker: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        clearTimeout(late);
        resolve();
      };
      const late = setTimeout(() => {
        const others = (waiting.get(asker) ?? []).filter((each) => each !== begin);
        if (others.length > 0) waiting.set(asker, others);
        else waiting.delete(asker);
        reject(new Refusal("unavailable"));
      }, patienceMs);
      waiting.set(asker, [...(waiting.get(asker) ?? []), begin]);
    });
  }

  /** Hands the finished place to the next asker, who is the last after that. */
  function pass(): void {
    for (const [asker, [begin, ...later]] of waiting) {
      waiting.delete(asker);
      if (later.length > 0) waiting.set(asker, later);
      begin?.();
      return;
    }
    running--;
  }
}
