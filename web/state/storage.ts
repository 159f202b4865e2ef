/** Browser storage that may be full, blocked or filled by an older version: then what is kept lives in this page only. */

export type Store = {
  /** What was kept under `key`, if it still looks right. */
  read<T>(key: string, looksRight: (value: unknown) => value is T): T | undefined;
  /** Keeps `value`; undefined forgets the key. */
  write(key: string, value: unknown): void;
};

/** @param area where to keep things; a function, since merely touching a blocked storage throws. */
export function createStore(area: () => Storage): Store {
  const memory = new Map<string, string>();

  return { read, write };

  function read<T>(key: string, looksRight: (value: unknown) => value is T): T | undefined {
    const name = `suda:${key}`;
    try {
      const raw = memory.get(name) ?? area().getItem(name);
      const value: unknown = raw === null ? undefined : JSON.parse(raw);
      return looksRight(value) ? value : undefined;
    } catch {
      return undefined;
    }
  }

  function write(key: string, value: unknown) {
    const name = `suda:${key}`;
    try {
      if (value === undefined) area().removeItem(name);
      else area().setItem(name, JSON.stringify(value));
      memory.delete(name);
    } catch {
      if (value === undefined) memory.delete(name);
      else memory.set(name, JSON.stringify(value));
    }
  }
}

export const isText = (value: unknown): value is string => typeof value === "string";
