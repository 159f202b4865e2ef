/** A clock that stands still until a test moves it. */
import type { Clock } from "./clock.ts";

export type FakeClock = Clock & {
  /** Advances time by `ms` and runs due timers, in order. */
  advance(ms: number): void;
  /** Advances time without running timers, like a sleeping machine. */
  sleep(ms: number): void;
};

export function createFakeClock(random: () => number = () => 0.5): FakeClock {
  let now = 1_800_000_000_000;
  let timers: { due: number; run: () => void }[] = [];

  return {
    now: () => now,
    random,
    after(ms, run) {
      const timer = { due: now + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    advance(ms) {
      const end = now + ms;
      for (let next = earliest(end); next; next = earliest(end)) {
        timers = timers.filter((other) => other !== next);
        now = Math.max(now, next.due);
        next.run();
      }
      now = end;
    },
    sleep(ms) {
      now += ms;
    },
  };

  function earliest(end: number) {
    return timers.filter((timer) => timer.due <= end).sort((a, b) => a.due - b.due)[0];
  }
}
