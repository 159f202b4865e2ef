/**
 * How much of a room's day the indexes of its slices have. Slices are of the clock and pages are of seqs, so it remembers up to which seq all
 * messages of the day are earlier than the end of the last slice. Looks at each message once, and believes in no order of their times, because
 * imported ones have any.
 */
import { endOf, type Slice } from "../../shared/server/postgres/word-slices.ts";
import type { RoomSpan } from "./day-memory.ts";
import type { SearchQueries } from "./search-queries.ts";

/** `isEnd`: the next message is not earlier than `end`. */
type Known = { upTo: number; end: number; isEnd: boolean };

const ROWS_AT_ONCE = 50_000;
/** Days of rooms above which the memory is emptied. */
const MAX_KNOWN = 500;

export function createSlicedDays({ earlierThan }: Pick<SearchQueries, "earlierThan">) {
  const known = new Map<string, Known>();

  /**
   * @param below no event is stored later with a lower seq.
   * @param isLate true when the time is up: then less than all may be known.
   * @returns the seq up to which all messages of the room's day are in one of the slices; below the first for none.
   */
  return async (
    span: RoomSpan,
    slices: readonly Slice[],
    below: number,
    isLate: () => boolean,
  ): Promise<number> => {
    const end = endOf(slices);
    if (end === 0) return span.first - 1;
    const key = `${span.roomId} ${span.day}`;
    let place: Known | undefined = known.get(key);
    // If an index was dropped, its messages are to be read again; one that was added may have the next message.
    if (!place || place.end > end) place = { upTo: span.first - 1, end, isEnd: false };
    else if (place.end < end) place = { ...place, end, isEnd: false };
    while (!place.isEnd && place.upTo < below - 1 && !isLate()) {
      const read = await earlierThan(span, end, { above: place.upTo, below }, ROWS_AT_ONCE);
      place = { ...read, end };
      if (known.size >= MAX_KNOWN) known.clear();
      known.set(key, place);
    }
    return Math.min(place.upTo, below - 1);
  };
}
