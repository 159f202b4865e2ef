/**
 * Who reads back waits here, not at the pool: as many reads at a time as it has connections, so that none is queued
 * inside the library, and so many in a second; the next place goes to the reader who waits longest for a turn. Bounded in number and time.
 */
import { RETRY_AFTER_MS } from "../../shared/server/process/unavailable.ts";
import { Refusal } from "../errors.ts";

export type GateBounds = {
  /** Reads under way at a time. */
  running: number;
  /** Reads that start in a second; after a quiet second so many may start at once. */
  perSecond: number;
  /** Reads of one reader that run or wait. */
  perReader: number;
  /** Reads of all that wait. */
  waiting: number;
  waitMs: number;
};
export type ReadingGate = ReturnType<typeof createReadingGate>;
type Waiter = { start: () => void };

/** @returns a function that counts one more now and answers 0, or answers after how many ms it may be asked again. */
function createPace(perSecond: number): () => number {
  let tokens = perSecond;
  let at = performance.now();
  return () => {
    const now = performance.now();
    tokens = Math.min(perSecond, tokens + ((now - at) * perSecond) / 1_000);
    at = now;
    if (tokens < 1) return Math.ceil(((1 - tokens) * 1_000) / perSecond);
    tokens -= 1;
    return 0;
  };
}

export function createReadingGate(bounds: GateBounds) {
  /** Reads of each reader, running or waiting. */
  const counts = new Map<string, number>();
  /** Whoever got a turn goes to the end. */
  const turns = new Map<string, Waiter[]>();
  const pace = createPace(bounds.perSecond);
  let timer: NodeJS.Timeout | null = null;
  let running = 0;
  let waiting = 0;

  const remove = (reader: string, waiter: Waiter): void => {
    const left = (turns.get(reader) ?? []).filter((other) => other !== waiter);
    turns.delete(reader);
    if (left.length > 0) turns.set(reader, left);
    waiting--;
  };

  /** Starts whom it may, now and when the pace allows the next one. */
  const startNext = (): void => {
    while (running < bounds.running && timer === null) {
      const [[reader, [waiter] = []] = []] = turns;
      if (reader === undefined || waiter === undefined) return;
      const waitMs = pace();
      if (waitMs > 0) {
        timer = setTimeout(() => {
          timer = null;
          startNext();
        }, waitMs);
        return;
      }
      remove(reader, waiter);
      running++;
      waiter.start();
    }
  };

  const turn = (reader: string): Promise<void> => {
    if (waiting >= bounds.waiting) throw new Refusal("unavailable", { retryAfterMs: RETRY_AFTER_MS });
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        remove(reader, waiter);
        reject(new Refusal("unavailable", { retryAfterMs: RETRY_AFTER_MS }));
      }, bounds.waitMs);
      const waiter: Waiter = {
        start: () => {
          clearTimeout(late);
          resolve();
        },
      };
      waiting++;
      turns.set(reader, [...(turns.get(reader) ?? []), waiter]);
      startNext();
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
     * @throws Refusal `too_many_attempts` when this reader has too many under way, `unavailable` when all have, or too long.
     */
    async through<T>(reader: string, read: () => Promise<T>): Promise<T> {
      const count = counts.get(reader) ?? 0;
      if (count >= bounds.perReader)
        throw new Refusal("too_many_attempts", {
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
