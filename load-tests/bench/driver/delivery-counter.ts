/**
 * Counts messages in a payload by a byte that each has exactly once, without parsing, at some nanoseconds for each: it looks first where the
 * mark was in the messages before. The messages of a run are as long as one another but for some digits, and begin alike.
 */

/** No two marks are closer to each other than this. */
const MIN_MESSAGE_BYTES = 48;
/** The length of a message may grow by so much at once. Longer distances have other things between them. */
const DRIFT_BYTES = 16;
/** So many marks are searched for, and none guessed, until the shortest distances are known. */
const LEARN = 256;

/** @returns the number of messages in `buffer[from..to)`. */
export type CountDeliveries = (buffer: Buffer, from: number, to: number) => number;

export function createDeliveryCounter(
  mark: number,
  onMark: (buffer: Buffer, at: number) => void,
): CountDeliveries {
  /** Where a payload has its first mark, and the distance between two. */
  let head = Number.POSITIVE_INFINITY;
  let stride = Number.POSITIVE_INFINITY;
  let known = 0;

  return (buffer, from, to) => {
    let at = from + head;
    if (known < LEARN || at >= to || buffer[at] !== mark) {
      at = search(buffer, from, to);
      if (at < 0) return 0;
      head = nearest(head, at - from);
    }
    for (let count = 1; ; count++) {
      onMark(buffer, at);
      if (to - at < MIN_MESSAGE_BYTES) return count;
      let next = at + stride;
      if (known < LEARN || next >= to || buffer[next] !== mark) {
        next = search(buffer, at + 1, to);
        if (next < 0) return count;
        stride = nearest(stride, next - at);
      }
      at = next;
    }
  };

  function search(buffer: Buffer, from: number, to: number): number {
    known++;
    const at = buffer.indexOf(mark, from);
    return at < to ? at : -1;
  }

  function nearest(before: number, found: number): number {
    return found < before || (known >= LEARN && found < before + DRIFT_BYTES) ? found : before;
  }
}
