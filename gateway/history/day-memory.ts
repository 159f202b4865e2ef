/**
 * Remembers which days hold the archived seqs of rooms, so that most pages of a reader who scrolls back are one
 * statement. The worker writes seqs in order, so up to the last stored seq no day gains a row later. The statement that
 * reads the rows checks that the room still exists.
 */
import type { DaySpan, Days } from "./day-walk.ts";

export type RoomSpan = DaySpan & { roomId: number };
/** Days with seqs of a room. They hold for every position above `above` and up to `below`. */
export type Stretch = Days<RoomSpan> & { below: number };
export type DayMemory = ReturnType<typeof createDayMemory>;

/** Days may be mapped anew after a repair by hand. */
const KEEP_MS = 60_000;
/** Number of stretches above which the memory is emptied. */
const MAX_STRETCHES = 500;

export function createDayMemory(now: () => number = () => performance.now()) {
  let rooms = new Map<string, { stretch: Stretch; until: number }[]>();
  let count = 0;

  return {
    /** The days of a room below a seq, from memory or from `read`. */
    async below(room: string, below: number, read: () => Promise<Stretch>): Promise<Days<RoomSpan>> {
      const known = (rooms.get(room) ?? []).find(
        ({ stretch, until }) => below <= stretch.below && stretch.above < below - 1 && now() < until,
      );
      if (known) {
        const { spans, above } = known.stretch;
        return { spans: spans.filter(({ first }) => first < below), above };
      }
      const stretch = await read();
      if (stretch.spans.length > 0) put(room, stretch);
      return stretch;
    },
  };

  function put(room: string, stretch: Stretch): void {
    if (count >= MAX_STRETCHES) {
      rooms = new Map();
      count = 0;
    }
    const left = (rooms.get(room) ?? []).filter(({ until }) => now() < until);
    count += left.length + 1 - (rooms.get(room)?.length ?? 0);
    rooms.set(room, [...left, { stretch, until: now() + KEEP_MS }]);
  }
}
