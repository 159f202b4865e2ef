/**
 * A gate: so many works run at a time, the others wait for their turn. Askers take turns, so one who asks for much delays
 * no other for long. Waiting is bounded in number and in time; whoever is over a bound is refused as in an outage.
 */
import { Unavailable } from "./unavailable.ts";

export type GateBounds = {
  /** Works under way at a time. */
  running: number;
  /** Works that wait. */
  waiting: number;
  /** How long one of them waits. */
  waitMs: number;
  /** Counts one more start now and answers 0, or answers after how many ms the next one may start. */
  pace?: () => number;
  /** Of those who wait, the asker of the highest rank is next; asked when a place is free. Without it, all have the same. */
  rank?: (asker: string) => number;
  /** Told how long a work waited, in ms; 0: not at all. */
  onStart?: (waitedMs: number) => void;
};
export type Gate = ReturnType<typeof createGate>;
/** Ranks are as old as this at most. */
const RANKED_MS = 50;

type Waiter = { start: () => void; refuse: (error: Unavailable) => void };

export function createGate(bounds: GateBounds) {
  const { pace = () => 0, rank, onStart = () => undefined } = bounds;
  /** In the order of their next turns; whoever got one goes to the end. */
  const turns = new Map<string, Set<Waiter>>();
  let timer: NodeJS.Timeout | undefined;
  let running = 0;
  let waiting = 0;
  let closed: Unavailable | undefined;
  /** Those who waited when ranks were last compared, the next one at the end. */
  let ranked: string[] = [];
  let rankedAt = 0;

  return {
    enter,

    /** Does `work` when it is the asker's turn. @throws Unavailable beyond the bounds; else as `work` does. */
    async through<T>(asker: string, work: () => Promise<T>): Promise<T> {
      const leave = await enter(asker);
      try {
        return await work();
      } finally {
        leave();
      }
    },

    /** Works that wait now. */
    get waiting() {
      return waiting;
    },

    /** Refuses those who wait and those who come. Works under way end as they do. */
    close(reason: Unavailable): void {
      closed = reason;
      clearTimeout(timer);
      for (const waiters of [...turns.values()]) for (const { refuse } of [...waiters]) refuse(reason);
    },
  };

  /** @returns once it is the asker's turn, with what gives the place back; calling that again does nothing. @throws Unavailable */
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

  /** Starts as many as may, now and when the pace allows the next one. */
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
    const asker = nextAsker();
    const waiters = turns.get(asker);
    const [waiter] = waiters ?? [];
    if (!waiters || !waiter) return;
    turns.delete(asker);
    turns.set(asker, waiters);
    remove(asker, waiter);
    waiter.start();
  }

  function nextAsker(): string {
    if (!rank) return turns.keys().next().value ?? "";
    for (;;) {
      // Compared now and then: among thousands, comparing them for each start would cost more than the work itself.
      if (ranked.length === 0 || performance.now() - rankedAt > RANKED_MS) compareRanks(rank);
      const next = ranked.pop();
      if (next === undefined || turns.has(next)) return next ?? "";
    }
  }

  function compareRanks(rank: (asker: string) => number): void {
    rankedAt = performance.now();
    const ranks = [...turns.keys()].map((asker): [string, number] => [asker, rank(asker)]);
    // Sorting keeps the order of equals, so that the first to come stays the first to go.
    ranked = ranks
      .reverse()
      .sort(([, a], [, b]) => a - b)
      .map(([asker]) => asker);
  }

  function remove(asker: string, waiter: Waiter): void {
    const waiters = turns.get(asker);
    if (!waiters?.delete(waiter)) return;
    waiting--;
    if (waiters.size === 0) turns.delete(asker);
  }
}
