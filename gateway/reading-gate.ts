/**
 * Who reads back waits here, not at the pool: as many reads at a time as it has connections, so that none is queued
 * inside the library; the next place goes to the reader who waits longest for a turn. Bounded in number and time.
 */
import { RETRY_AFTER_MS } from "../shared/server/faults.ts";
import { problem } from "./problem.ts";

export type GateBounds = {
  /** Reads under way at a time. */
  running: number;
  /** Reads of one reader that run or wait. */
  perReader: number;
  /** Reads of all that wait. */
  waiting: number;
  waitMs: number;
};
export type ReadingGate = ReturnType<typeof createReadingGate>;
type Waiter = { start: () => void };

export function createReadingGate(bounds: GateBounds) {
  /** Reads of each reader, running or waiting. */
  const counts = new Map<string, number>();
  /** Whoever got a turn goes to the end. */
  const turns = new Map<string, Waiter[]>();
  let running = 0;
  let waiting = 0;

  const remove = (reader: string, waiter: Waiter): void => {
    const left = (turns.get(reader) ?? []).filter((other) => other !== waiter);
    turns.delete(reader);
    if (left.length > 0) turns.set(reader, left);
    waiting--;
  };

  const startNext = (): void => {
    const [next] = turns;
    const [reader, [waiter] = []] = next ?? [];
    if (reader === undefined || waiter === undefined || running >= bounds.running) return;
    remove(reader, waiter);
    running++;
    waiter.start();
  };

  const turn = (reader: string): Promise<void> => {
    if (running < bounds.running) {
      running++;
      return Promise.resolve();
    }
    if (waiting >= bounds.waiting) throw problem("unavailable", { retryAfterMs: RETRY_AFTER_MS });
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        remove(reader, waiter);
        reject(problem("unavailable", { retryAfterMs: RETRY_AFTER_MS }));
      }, bounds.waitMs);
      const waiter: Waiter = {
        start: () => {
          clearTimeout(late);
          resolve();
        },
      };
      waiting++;
      turns.set(reader, [...(turns.get(reader) ?? []), waiter]);
    });
  };

  const leave = (reader: string): void => {
    const left = (counts.get(reader) ?? 0) - 1;
    if (left > 0) counts.set(reader, left);
    else counts.delete(reader);
  };

  return {
    get waiting(): number {
      return waiting;
    },
    /**
     * Does `read` when its turn comes. @param reader whose bound it counts for.
     * @throws Problem `too_many_attempts` when this reader has too many under way, `unavailable` when all have, or too long.
     */
    async through<T>(reader: string, read: () => Promise<T>): Promise<T> {
      const count = counts.get(reader) ?? 0;
      if (count >= bounds.perReader)
        throw problem("too_many_attempts", {
          retryAfterMs: RETRY_AFTER_MS,
          detail: "The limit history_ip is used up",
        });
      counts.set(reader, count + 1);
      try {
        await turn(reader);
        try {
          return await read();
        } finally {
          running--;
          startNext();
        }
      } finally {
        leave(reader);
      }
    },
  };
}
