/**
 * The pace at which this gateway writes events to sockets, over all its rooms. While there is time, each event goes out at once. When
 * events come faster than they can be written one by one, rooms wait for their turn, and what comes meanwhile goes out as one
 * frame. So a busy gateway makes fewer and larger writes instead of late ones.
 */

/** A write costs gateway, proxy and browser together some 15 µs: at this pace, writes take at most a third of a core. */
const MS_PER_WRITE = 0.05;
/** The busier the event loop, the slower writes are made, up to so many times: fewer and larger, so that there is time for the rest. */
const SLOWEST = 4;
const BUSY = 0.4;
const LOOK_MS = 100;
/** Time that was not used is kept for as long, so that late timers and short bursts cost nothing. */
const SPARE_MS = 10;
/** No room waits longer, and no write keeps others waiting longer. */
const MAX_WAIT_MS = 100;

export type FanOutPace = ReturnType<typeof createFanOutPace>;
type Turn = { since: number; run: () => void };

/** @param utilization how busy the event loop was since the call before, from 0 to 1. */
export function createFanOutPace(now = () => performance.now(), utilization = createUtilization()) {
  const turns: Turn[] = [];
  let lookedAt = Number.NEGATIVE_INFINITY;
  let msPerWrite = MS_PER_WRITE;
  let freeAt = Number.NEGATIVE_INFINITY;

  return {
    /** Counts a frame that goes to so many sockets. */
    spend(writes: number): void {
      const time = now();
      if (time - lookedAt >= LOOK_MS) {
        lookedAt = time;
        const excess = Math.max(0, utilization() - BUSY) / (1 - BUSY);
        msPerWrite = MS_PER_WRITE * (1 + (SLOWEST - 1) * excess);
      }
      freeAt = Math.min(Math.max(freeAt, time - SPARE_MS) + writes * msPerWrite, time + MAX_WAIT_MS);
    },

    /** Runs `run` now if there is time, otherwise in its turn: the room that has waited longest is next. */
    take(run: () => void): void {
      if (turns.length === 0 && freeAt <= now()) {
        run();
        return;
      }
      turns.push({ since: now(), run });
      if (turns.length === 1) setTimeout(work, freeAt - now());
    },
  };

  function work(): void {
    for (let next = turns[0]; next; next = turns[0]) {
      const time = now();
      const dueAt = Math.min(freeAt, next.since + MAX_WAIT_MS);
      if (dueAt > time) {
        setTimeout(work, dueAt - time);
        return;
      }
      turns.shift();
      next.run();
    }
  }
}

function createUtilization(): () => number {
  let before = performance.eventLoopUtilization();
  return () => {
    const current = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(current, before);
    before = current;
    return utilization;
  };
}
