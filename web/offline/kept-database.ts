/**
 * A small database of the browser, which page and service worker share. Where the browser has none (private windows of some,
 * blocked storage), nothing is kept and nothing is found.
 */

/** A list of names, so that all values of one owner are a range. */
type Key = readonly string[];

export type KeptDatabase = ReturnType<typeof openKeptDatabase>;

const STORE = "kept";

/** @param name another one for each cluster of this origin: `SITE`. */
export function openKeptDatabase(name: string, factory: IDBFactory | undefined = globalThis.indexedDB) {
  let opened: Promise<IDBDatabase> | undefined;

  return {
    get: (key: Key): Promise<unknown> => run("readonly", (store) => store.get([...key])),
    put: (key: Key, value: unknown): Promise<unknown> =>
      run("readwrite", (store) => store.put(value, [...key])),
    remove: (key: Key): Promise<unknown> => run("readwrite", (store) => store.delete([...key])),
    /** The keys that begin with these names, in order. */
    async keysUnder(begin: Key): Promise<string[][]> {
      const keys = await run("readonly", (store) =>
        store.getAllKeys(IDBKeyRange.bound([...begin], [...begin, []])),
      );
      return (keys ?? []) as string[][];
    },
  };

  async function run<T>(
    mode: IDBTransactionMode,
    work: (store: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T | undefined> {
    try {
      opened ??= open();
      const transaction = (await opened).transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      await new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve();
        transaction.onabort = () => reject(transaction.error);
      });
      return request.result;
    } catch {
      // The next call opens it again, if the browser has one.
      opened = undefined;
      return undefined;
    }
  }

  function open(): Promise<IDBDatabase> {
    return new Promise((resolve, reject) => {
      if (!factory) return reject(new Error("this browser has no database"));
      const request = factory.open(name, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE);
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        // Another tab that runs a newer page may need the place.
        request.result.onversionchange = () => request.result.close();
        resolve(request.result);
      };
    });
  }
}
