/**
 * What this gateway remembers of rows of PostgreSQL, as it is told: news that overtake one another end in the newest
 * version, whatever order they come in, and an answer of PostgreSQL never takes back what was told while it was asked.
 */
export type Versioned<T> = ReturnType<typeof createVersioned<T>>;

/** `told`: how many news there were before this one. Without a version it is from an older release: it counts when it comes. */
type Entry<T> = { value: T; version: number | undefined; at: number; told: number };

/**
 * @param keepMs how long news are remembered, in milliseconds by `now`.
 * @param lasts whether it is to be remembered beyond that.
 */
export function createVersioned<T>(
  keepMs: number,
  now: () => number,
  lasts: (value: T) => boolean = () => false,
) {
  /** Told last, last. */
  const entries = new Map<string, Entry<T>>();
  let told = 0;

  const forgetOld = (): void => {
    for (const [key, { value, at }] of entries) {
      if (at > now() - keepMs) break;
      if (!lasts(value)) entries.delete(key);
    }
  };

  const note = (key: string, value: T, version: number | undefined): boolean => {
    const known = entries.get(key);
    if (known?.version !== undefined && version !== undefined && version < known.version) return false;
    entries.delete(key);
    entries.set(key, { value, version, at: now(), told: told++ });
    return true;
  };

  return {
    /** @returns false when a newer version is known. */
    take(key: string, value: T, version?: number): boolean {
      forgetOld();
      return note(key, value, version);
    },
    of: (key: string): T | undefined => entries.get(key)?.value,
    /**
     * To be called before PostgreSQL is asked for all there is.
     * @returns takes the answer: what it lacks is forgotten, unless it was told meanwhile.
     */
    relearn(): (rows: readonly { key: string; value: T; version: number }[]) => void {
      const before = told;
      return (rows) => {
        const answered = new Map(rows.map((row) => [row.key, row]));
        for (const [key, entry] of entries)
          if (entry.told < before && !answered.has(key)) entries.delete(key);
        for (const { key, value, version } of rows) {
          const known = entries.get(key);
          const toldMeanwhile = known !== undefined && known.told >= before;
          if (!toldMeanwhile || known.version !== undefined) note(key, value, version);
        }
      };
    },
  };
}
