/**
 * Queues reads of old messages here and not at the pool: as many run at once as it has connections, and only so many
 * start per second. Readers take turns. Owns the limit of one reader and the pace; process/gate.ts owns the turns.
 */
import { createGate, type Gate, type GateBounds } from "../../shared/server/process/gate.ts";
import { RETRY_AFTER_MS } from "../../shared/server/process/unavailable.ts";
import { Refusal } from "../errors.ts";

export type ReadingBounds = Omit<GateBounds, "pace" | "rank" | "onStart"> & {
  /** Reads that start per second, and that may start at once after a quiet second. Half as many while a crowd waits. */
  perSecond: number;
  /** Max reads of one reader, running or waiting. */
  perReader: number;
};
/** From so many waiting reads on, reads start at half the pace, because then chat goes before the speed of any reader. */
const CROWD = 9;

export type ReadingGate = ReturnType<typeof createReadingGate>;

export function createReadingGate({ perSecond, perReader, ...bounds }: ReadingBounds) {
  /** Reads of each reader, running or waiting. */
  const counts = new Map<string, number>();
  const gate: Gate = createGate({ ...bounds, pace: createPace(perSecond, () => gate.waiting >= CROWD) });

  return {
    get waiting(): number {
      return gate.waiting;
    },
    /**
     * Runs `read` when its turn comes.
     * @param reader the key whose limit it counts for.
     * @throws Refusal `too_many_attempts` when this reader has too many reads under way; Unavailable when all readers
     * together have, or when the read waited too long.
     */
    async through<T>(reader: string, read: () => Promise<T>): Promise<T> {
      const count = counts.get(reader) ?? 0;
      if (count >= perReader)
        throw new Refusal("too_many_attempts", {
          retryAfterMs: RETRY_AFTER_MS,
          detail: "The limit history_ip is used up",
        });
      counts.set(reader, count + 1);
      try {
        return await gate.through(reader, read);
      } finally {
        leave(reader);
      }
    },
  };

  function leave(reader: string): void {
    const left = (counts.get(reader) ?? 0) - 1;
    if (left > 0) counts.set(reader, left);
    else counts.delete(reader);
  }
}

/** @returns a function that counts one more and returns 0, or returns the ms until it may be called again. */
function createPace(perSecond: number, isCrowded: () => boolean): () => number {
  let tokens = perSecond;
  let at = performance.now();
  return () => {
    const now = performance.now();
    const regained = isCrowded() ? perSecond / 2 : perSecond;
    tokens = Math.min(perSecond, tokens + ((now - at) * regained) / 1_000);
    at = now;
    if (tokens < 1) return Math.ceil(((1 - tokens) * 1_000) / regained);
    tokens -= 1;
    return 0;
  };
}
