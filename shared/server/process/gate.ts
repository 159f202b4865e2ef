/**
 * A gate: a bounded number of tasks run at a time, the others wait for their turn. Askers take turns, so an asker of
 * many tasks does not delay the others for long. The queue is bounded in length and in time; a task beyond a bound
 * fails as in an outage.
 */
import { Unavailable } from "./unavailable.ts";

export type GateBounds = {
  /** Max tasks that run at a time. */
  running: number;
  /** Max tasks that wait. */
  waiting: number;
  /** Max time that one of them waits, ms. */
  waitMs: number;
  /** Counts one more start now and returns 0, or returns the ms until the next one may start. */
  pace?: () => number;
  /** Called with the ms that a task waited; 0: it did not wait. */
  onStart?: (waitedMs: number) => void;
};
export type Gate = ReturnType<typeof createGate>;

type Waiter = { start: () => void; refuse: (error: Unavailable) => void };

export function createGate(bounds: GateBounds) {
  const { pace = () => 0, onStart = () => undefined } = bounds;
  /** In the order of their next turns: an asker who had a turn goes to the end. */
  const turns = new Map<string, Set<Waiter>>();
  let timer: NodeJS.Timeout | undefined;
  let running = 0;
  let waiting = 0;
  let closed: Unavailable | undefined;

  return {
    enter,

    /** Runs `work` when it is the asker's turn. @throws Unavailable beyond the bounds; otherwise as `work` does. */
    async through<T>(asker: string, work: () => Promise<T>): Promise<T> {
      const leave = await enter(asker);
      try {
        return await work();
      } finally {
        leave();
      }
    },

    /** Number of waiting tasks. */
    get waiting() {
      return waiting;
    },

    /** Refuses waiting and future tasks. Running ones end by themselves. */
    close(reason: Unavailable): void {
      closed = reason;
      clearTimeout(timer);
      for (const waiters of [...turns.values()]) for (const { refuse } of [...waiters]) refuse(reason);
    },
  };

  /**
   * Waits for the asker's turn.
   * @returns a function that frees the place; calling it again does nothing.
   * @throws Unavailable
   */
  function enter(asker: string): Promise<() => void> {
    if (closed) return Promise.reject(closed);
    if (running < bounds.running && waiting === 0 && pace() === 0) {
      onStart(0);
      return Promise.resolve(takePlace());
    }
    if (waiting >= bounds.waiting) return Promise.reject(new Unavailable("too many wait for their turn"));
    return new Promise((resolve, reject) => {
      const since = performance.now();
      const late = setTimeout(() => refuse(new Unavailable("no turn came in time")), bounds.waitMs);
      const waiter: Waiter = {
        start() {
          clearTimeout(late);
          onStart(performance.now() - since);
          resolve(takePlace());
        },
        refuse,
      };
      function refuse(error: Unavailable): void {
        clearTimeout(late);
        remove(asker, waiter);
        reject(error);
      }
      waiting++;
      const waiters = turns.get(asker);
      if (waiters) waiters.add(waiter);
      else turns.set(asker, new Set([waiter]));
      startNext();
    });
  }

  function takePlace(): () => void {
    let held = true;
    running++;
    return () => {
      if (!held) return;
      held = false;
      running--;
      startNext();
    };
  }

  /** Starts as many tasks as the bounds allow, and schedules the next one when the pace delays it. */
  function startNext(): void {
    while (running < bounds.running && waiting > 0 && timer === undefined) {
      const waitMs = pace();
      if (waitMs > 0) {
        timer = setTimeout(() => {
          timer = undefined;
          startNext();
        }, waitMs);
        return;
      }
      startOne();
    }
  }

  function startOne(): void {
    const [[asker, waiters] = []] = turns;
    const [waiter] = waiters ?? [];
    if (asker === undefined || !waiters || !waiter) return;
    turns.delete(asker);
    turns.set(asker, waiters);
    remove(asker, waiter);
    waiter.start();
  }

  function remove(asker: string, waiter: Waiter): void {
    const waiters = turns.get(asker);
    if (!waiters?.delete(waiter)) return;
    waiting--;
    if (waiters.size === 0) turns.delete(asker);
  }
}
