/** Stored values of the current owner of the page, as signals that follow the user and the other tabs. */
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Preference } from "../sync/choices.ts";
import { preferred, type Store } from "../sync/storage.ts";
import type { Key, ValueOf } from "../sync/stored-values.ts";

export type Kept = ReturnType<typeof createKept>;

/** @param owner a user's id or `GUEST`. */
export function createKept(store: Store, owner: ReadonlySignal<string>) {
  /** Raised with each change of the value under the key. */
  const changes = new Map<Key, Signal<number>>();
  store.changedElsewhere(changed);

  return {
    /** The owner's value under the key. */
    of<K extends Key>(key: K): ReadonlySignal<ValueOf<K> | undefined> {
      const change = changesOf(key);
      return computed(() => {
        change.value;
        return store.read(key, owner.value);
      });
    },
    preference<K extends Preference>(key: K) {
      const change = changesOf(key);
      return computed(() => {
        change.value;
        return preferred(store, key, owner.value);
      });
    },
    /** @param to maps the stored value, which another tab may have changed; undefined deletes it. */
    change<K extends Key>(key: K, to: (now: ValueOf<K> | undefined) => ValueOf<K> | undefined) {
      const whose = owner.peek();
      store.write(key, whose, to(store.read(key, whose)));
      changed(key);
    },
    /** The value of another owner. Not to be shown. */
    ofOther<K extends Key>(key: K, whose: string): ValueOf<K> | undefined {
      changesOf(key).value;
      return store.read(key, whose);
    },
    /** Deletes a value of any owner. */
    forget(key: Key, whose: string) {
      store.write(key, whose, undefined);
      changed(key);
    },
    adopt(whose: string) {
      store.adopt(whose);
      for (const key of changes.keys()) changed(key);
    },
  };

  function changed(key: Key) {
    changesOf(key).value += 1;
  }

  function changesOf(key: Key): Signal<number> {
    const known = changes.get(key) ?? signal(0);
    changes.set(key, known);
    return known;
  }
}
