/** What two runs of the same tests come to: the second one has only the files that failed in the first. Pure. */

/** `files`: how much failed in each file, tests and errors outside of them. */
export type Run = { passed: number; failed: number; files: Map<string, number> };

/**
 * Failures of the files that were run again count as the second run says; any other failure of the first run stays one.
 * @param second undefined: nothing was run again.
 */
export function mergeRuns(first: Run, second: Run | undefined): { passed: number; failed: number } {
  if (!second) return { passed: first.passed, failed: first.failed };
  const again = [...first.files.values()].reduce((sum, count) => sum + count, 0);
  const mended = Math.max(0, again - second.failed);
  return { passed: first.passed + mended, failed: first.failed - again + second.failed };
}
