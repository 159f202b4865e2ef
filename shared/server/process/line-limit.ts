/** Bounds the lines that strangers can cause in the log. */

/** Beyond this rate what happens is only counted. */
const LINES_PER_MINUTE = 20;
const MINUTE_MS = 60_000;

/**
 * @param now a monotonic clock, in milliseconds.
 * @returns a function that passes fields on to `write` some times a minute; the next line says how many were left out (`omitted`).
 */
export function createLineLimit<Fields extends object>(
  write: (fields: Fields & { omitted?: number }) => void,
  now = () => performance.now(),
): (fields: Fields) => void {
  let minute = Number.NEGATIVE_INFINITY;
  let lines = 0;
  let omitted = 0;

  return (fields) => {
    if (now() - minute >= MINUTE_MS) {
      minute = now();
      lines = 0;
    }
    if (lines === LINES_PER_MINUTE) {
      omitted++;
      return;
    }
    lines++;
    write(omitted > 0 ? { ...fields, omitted } : fields);
    omitted = 0;
  };
}
