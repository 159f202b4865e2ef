/**
 * Sends how far the person has read: the first time at once, then no more often than once a second, and in a room that moves on all the
 * time less and less often. Once nobody looks any more, the last position is sent at once.
 */
import type { Cancel, Clock } from "../sync/clock.ts";

const FIRST_MS = 1_000;
const LONGEST_MS = 5_000;

export function createReadPace(clock: Pick<Clock, "after">, send: (room: string, seq: number) => void) {
  let waiting: { room: string; seq: number } | undefined;
  let cancel: Cancel | undefined;
  let pauseMs = FIRST_MS;

  return { want, flush, forget };

  function want(room: string, seq: number) {
    if (waiting && waiting.room !== room) flush();
    waiting = { room, seq };
    if (!cancel) due();
  }

  /** Sends the position that waits. */
  function flush() {
    const { room, seq } = waiting ?? {};
    waiting = undefined;
    if (room !== undefined && seq !== undefined) send(room, seq);
  }

  function forget() {
    waiting = undefined;
    cancel?.();
    cancel = undefined;
    pauseMs = FIRST_MS;
  }

  function due() {
    cancel = undefined;
    if (!waiting) {
      pauseMs = FIRST_MS;
      return;
    }
    flush();
    cancel = clock.after(pauseMs, due);
    pauseMs = Math.min(pauseMs * 2, LONGEST_MS);
  }
}
