/** The seqs of a room as contiguous runs, however many days they lie on. Pure. */

/** All seqs from `first` to `last`. */
export type Run = { first: number; last: number };
export type Runs = ReturnType<typeof createRuns>;

export function createRuns() {
  /** In order; no run touches the next. */
  const runs: Run[] = [];
  return {
    runs: runs as readonly Run[],
    /** @returns the part of it that was added before: seqs that lie on two days. */
    add({ first, last }: Run): Run | undefined {
      let at = runs.length;
      while (at > 0 && (runs[at - 1]?.first ?? 0) > first) at--;
      const [before, after] = [runs[at - 1], runs[at]];
      if (before && before.last >= first) return { first, last: Math.min(last, before.last) };
      if (after && after.first <= last) return { first: after.first, last: Math.min(last, after.last) };
      const joinsBefore = before !== undefined && before.last === first - 1;
      const joinsAfter = after !== undefined && after.first === last + 1;
      if (joinsBefore) before.last = joinsAfter ? after.last : last;
      else if (joinsAfter) after.first = first;
      else runs.splice(at, 0, { first, last });
      if (joinsBefore && joinsAfter) runs.splice(at, 1);
      return undefined;
    },
  };
}

/** Min distance between epochs: that of older releases; today's is twice as much. */
const EPOCH_STEP = 1_000_000;

/**
 * @param isKnown seqs whose events became dead letters.
 * @returns the spaces between runs: jumps, at which an epoch begins, and gaps.
 */
export function gapsOf(
  runs: readonly Run[],
  isKnown: (seq: number) => boolean,
): { jumps: { after: number; to: number }[]; gaps: Run[] } {
  const jumps: { after: number; to: number }[] = [];
  const gaps: Run[] = [];
  for (const [index, { first }] of runs.entries()) {
    const before = runs[index - 1];
    if (before === undefined) continue;
    if (first - before.last > EPOCH_STEP) jumps.push({ after: before.last, to: first });
    else gaps.push(...lacking(before.last, first, isKnown));
  }
  return { jumps, gaps };
}

function lacking(above: number, below: number, isKnown: (seq: number) => boolean): Run[] {
  const found = createRuns();
  for (let seq = above + 1; seq < below; seq++) if (!isKnown(seq)) found.add({ first: seq, last: seq });
  return [...found.runs];
}
