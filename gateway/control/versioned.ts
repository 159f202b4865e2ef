/**
 * Rows of PostgreSQL in this gateway's memory, updated by news. The newest version wins in whatever order news arrive,
 * and a read of PostgreSQL never undoes news that came during the read.
 */

/** `number`: how many news came before. `version` is absent in news of an older release: they count when they come. */
type Entry<T> = { value: T; version: number | undefined; at: number; number: number };

/**
 * @param keepMs how long news are remembered, in milliseconds by `now`.
 * @param lasts whether an entry is remembered beyond that.
 */
export function createVersioned<T>(
  keepMs: number,
  now: () => number,
  lasts: (value: T) => boolean = () => false,
) {
  /** In order of arrival. */
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
     * To be called before all rows are read from PostgreSQL.
     * @returns a function that takes the rows: entries that are missing in them are forgotten, unless there was news of
     * them during the read.
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
