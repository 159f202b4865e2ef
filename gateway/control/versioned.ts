/**
 * What this gateway remembers of rows of PostgreSQL, as news of them come. News that overtake one another end in the newest
 * version, whatever order they come in, and an answer of PostgreSQL never takes back news that came while it was asked.
 */

/** `number`: how many news there were before this one. Without a version it is from an older release: it counts when it comes. */
type Entry<T> = { value: T; version: number | undefined; at: number; number: number };

/**
 * @param keepMs how long news are remembered, in milliseconds by `now`.
 * @param lasts whether it is to be remembered beyond that.
 */
export function createVersioned<T>(
  keepMs: number,
  now: () => number,
  lasts: (value: T) => boolean = () => false,
) {
  /** The latest news last. */
  const entries = new Map<string, Entry<T>>();
  let count = 0;

  return {
    /** @returns false when a newer version is known. */
    take(key: string, value: T, version?: number): boolean {
      forgetOld();
      return note(key, value, version);
    },
    of: (key: string): T | undefined => entries.get(key)?.value,
    /**
     * To be called before PostgreSQL is asked for all there is.
     * @returns takes the answer: what it lacks is forgotten, unless there was news of it meanwhile.
     */
    reload(): (rows: readonly { key: string; value: T; version: number }[]) => void {
      const before = count;
      return (rows) => {
        const answered = new Set(rows.map((row) => row.key));
        for (const [key, entry] of entries)
          if (entry.number < before && !answered.has(key)) entries.delete(key);
        for (const { key, value, version } of rows) {
          const known = entries.get(key);
          const cameMeanwhile = known !== undefined && known.number >= before;
          if (!cameMeanwhile || known.version !== undefined) note(key, value, version);
        }
      };
    },
  };

  function note(key: string, value: T, version: number | undefined): boolean {
    const known = entries.get(key);
    if (known?.version !== undefined && version !== undefined && version < known.version) return false;
    entries.delete(key);
    entries.set(key, { value, version, at: now(), number: count++ });
    return true;
  }

  function forgetOld(): void {
    for (const [key, { value, at }] of entries) {
      if (at > now() - keepMs) break;
      if (!lasts(value)) entries.delete(key);
    }
  }
}
