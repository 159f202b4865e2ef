/**
 * Slices of a day that is not over, each with an index of words on the day's partition: `messages_20261130_words_0306` has the
 * messages from 3:00 to 6:00. The index of a whole day is `messages_20261130_words`.
 */

/** Hours of UTC, `to` exclusive. */
export type Slice = { from: number; to: number };

/** As SQL has it, also in the predicate of an index. */
export const clockOf = (hour: number): string => `${twoDigits(hour)}:00`;

/** The end of the index's name. */
export const suffixOf = ({ from, to }: Slice): string => `_words_${twoDigits(from)}${twoDigits(to)}`;

/** @returns those that together have all of the day from midnight on until the last one ends. */
export function slicesFromMidnight<Each extends Slice>(slices: readonly Each[]): Each[] {
  const row: Each[] = [];
  for (const slice of slices.toSorted((a, b) => a.from - b.from)) {
    const end = endOf(row);
    if (slice.from <= end && slice.to > end) row.push(slice);
  }
  return row;
}

/** @param slices as `slicesFromMidnight` returns them. @returns 0 for none. */
export function endOf(slices: readonly Slice[]): number {
  return slices.at(-1)?.to ?? 0;
}

function twoDigits(hour: number): string {
  return String(hour).padStart(2, "0");
}
