/** Tells when a room's events have got as far as a seq. Bounded: more than MAX_WATCHERS are not watched. */

const MAX_WATCHERS = 256;

export function createSeqWatch() {
  let reached = 0;
  let watchers: { seq: number; tell: () => void }[] = [];

  return {
    get reached(): number {
      return reached;
    },

    /** Calls `tell` once, now or when the seq is reached. @returns false when too many are watched already. */
    when(seq: number, tell: () => void): boolean {
      if (seq <= reached) tell();
      else if (watchers.length < MAX_WATCHERS) watchers.push({ seq, tell });
      else return false;
      return true;
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
