/** The messages of a room in one place, indexed by seq and by client id. */
import type { Row } from "../../queries.ts";

export type Kept = ReturnType<typeof createKept>;

export function createKept(given: readonly Row[]) {
  const messages = given.toSorted((a, b) => a.seq - b.seq);
  const bySeq = new Map(messages.map((message) => [message.seq, message]));
  const seqsOf = new Map<string, number[]>();
  for (const { seq, clientId } of messages) seqsOf.set(clientId, [...(seqsOf.get(clientId) ?? []), seq]);

  return {
    messages,
    seqsOf,
    at: (seq: number): Row | undefined => bySeq.get(seq),
    /** The messages above `from`, up to `to`. */
    between: (from: number, to: number): readonly Row[] => messages.slice(indexAbove(from), indexAbove(to)),
    last: (): number => messages.at(-1)?.seq ?? 0,
  };

  /** Index of the first message above a seq. */
  function indexAbove(seq: number): number {
    let [low, high] = [0, messages.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((messages[middle]?.seq ?? 0) <= seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
