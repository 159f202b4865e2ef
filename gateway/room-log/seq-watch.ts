/** Tells when a room's events have got as far as a seq. Bounded: it measures, so what is too much is forgotten. */

const MAX_WATCHERS = 256;

export function createSeqWatch() {
  let reached = 0;
  let watchers: { seq: number; tell: () => void }[] = [];

  return {
    /** Calls `tell` once, now or when the seq is reached. */
    when(seq: number, tell: () => void): void {
      if (seq <= reached) tell();
      else if (watchers.length < MAX_WATCHERS) watchers.push({ seq, tell });
    },

    /** Everything up to this seq is there. */
    reach(seq: number): void {
      reached = seq;
      if (watchers.length === 0) return;
      const due = watchers.filter((each) => each.seq <= seq);
      watchers = watchers.filter((each) => each.seq > seq);
      for (const { tell } of due) tell();
    },
  };
}
