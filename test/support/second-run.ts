/** Merges two runs of the same tests, the second with only the files that failed in the first. Pure. */

/** `files`: the failures of each file, tests and errors outside of tests. */
export type Run = { passed: number; failed: number; files: Map<string, number> };

/**
 * For files that ran again the second run counts; all other failures of the first run stay.
 * @param second undefined: nothing ran again.
 */
export function mergeRuns(first: Run, second: Run | undefined): { passed: number; failed: number } {
  if (!second) return { passed: first.passed, failed: first.failed };
  const again = [...first.files.values()].reduce((sum, count) => sum + count, 0);
  const mended = Math.max(0, again - second.failed);
  return { passed: first.passed + mended, failed: first.failed - again + second.failed };
}
