/**
 * Reads on their way to Redis: gathered for a moment, written together, and written again after an outage. Those of the last minute are
 * kept, because a Redis that lost its newest data gets them again.
 */
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import type { ReadStore } from "../../shared/server/redis/read-store.ts";
import { READS_MS } from "../../shared/timeouts.ts";
import type { ReportFault } from "./report-fault.ts";

export type Moves = ReturnType<typeof createMoves>;
type Places = Map<string, { userId: string; room: string; seq: number; at: number }>;

/** Bounds of memory, during an outage. */
const MAX_WAITING = 50_000;
const MAX_RECENT = 50_000;
const RECENT_MS = 60_000;

export function createMoves(
  store: Pick<ReadStore, "move">,
  onInternalError: ReportFault,
  now = () => performance.now(),
) {
  let waiting: Places = new Map();
  /** Written ones, the oldest first. */
  const recent: Places = new Map();
  let timer: NodeJS.Timeout | undefined;

  return {
    /** @throws Unavailable when too many wait. */
    add(userId: string, room: string, seq: number): void {
      if (waiting.size >= MAX_WAITING) throw new Unavailable("too many reads wait for Redis");
      put(waiting, { userId, room, seq, at: now() });
      timer ??= setTimeout(() => void flushSafely(), READS_MS).unref();
    },
    flush,
    /** Redis may have lost the newest ones: they are written again. */
    repeat(): void {
      for (const each of recent.values()) put(waiting, each);
    },
    get waiting(): number {
      return waiting.size;
    },
  };

  function put(places: Places, move: { userId: string; room: string; seq: number; at: number }): void {
    const key = `${move.userId} ${move.room}`;
    if ((places.get(key)?.seq ?? -1) < move.seq) places.set(key, move);
  }

  async function flushSafely(): Promise<void> {
    try {
      await flush();
    } catch (error) {
      // Tried again with the next look.
      if (!(error instanceof Unavailable)) onInternalError(error, "task", { task: "reads" });
    }
  }

  /** Writes what waits. @throws Unavailable; then it waits on. */
  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.size === 0) return;
    const moves = [...waiting.values()];
    waiting = new Map();
    try {
      await Promise.all(moves.map(({ userId, room, seq }) => store.move({ userId, room, seq })));
    } catch (error) {
      for (const move of moves) put(waiting, move);
      throw error;
    }
    remember(moves);
  }

  function remember(moves: readonly { userId: string; room: string; seq: number; at: number }[]): void {
    for (const move of moves) {
      recent.delete(`${move.userId} ${move.room}`);
      put(recent, move);
    }
    for (const [key, { at }] of recent) {
      if (recent.size <= MAX_RECENT && now() - at < RECENT_MS) break;
      recent.delete(key);
    }
  }
}
