/**
 * How far people have read in the last seconds, on whichever gateway, as far as their reads were announced. Owns what is forgotten, and since
 * when nothing was missed.
 */
import { TAKE_BACK_MS } from "../../shared/limits.ts";

export type Sightings = ReturnType<typeof createSightings>;
type Sighting = { seq: number; at: number };

export function createSightings(now = () => performance.now()) {
  const rooms = new Map<string, Map<string, Sighting>>();
  let since = Number.POSITIVE_INFINITY;
  let swept = 0;

  return {
    /** Reads are heard from now on. Also when some were missed: all before is uncertain. */
    begin(): void {
      since = now();
    },

    /** A user has read a room up to a seq. */
    note(userId: string, room: string, seq: number): void {
      sweep();
      const readers = rooms.get(room) ?? new Map<string, Sighting>();
      rooms.set(room, readers);
      readers.set(userId, { seq: Math.max(seq, readers.get(userId)?.seq ?? 0), at: now() });
    },

    /** For how long reads have been heard without a gap, ms; 0 before the first. */
    sinceMs: (): number => Math.max(0, now() - since),

    /** @returns how many people other than `except` have read the message with this seq in the last seconds. */
    countOf(room: string, seq: number, except: string): number {
      let count = 0;
      for (const [userId, read] of rooms.get(room) ?? []) if (userId !== except && read.seq >= seq) count++;
      return count;
    },
  };

  function sweep(): void {
    const at = now();
    if (at - swept < TAKE_BACK_MS) return;
    swept = at;
    for (const [room, readers] of rooms) {
      for (const [userId, read] of readers) if (at - read.at > TAKE_BACK_MS) readers.delete(userId);
      if (readers.size === 0) rooms.delete(room);
    }
  }
}
