/** The servers and databases that the tests of a file have opened and not closed yet. */
const open = new Map<symbol, string>();

/** @returns a function to be called when the resource is closed. */
export function trackOpen(what: string): () => void {
  const key = Symbol(what);
  open.set(key, what);
  return () => void open.delete(key);
}

export const stillOpen = (): string[] => [...open.values()];
