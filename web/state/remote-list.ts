/** A list that is loaded from the server when it is shown, and again by hand when that failed. */
import { computed, signal } from "@preact/signals";
import type { Answer } from "../sync/api.ts";

export type RemoteListState<Item> = ReturnType<typeof createRemoteList<Item>>;

export function createRemoteList<Item>(ask: () => Promise<Answer<readonly Item[]>>) {
  const items = signal<readonly Item[] | undefined>(undefined);
  const failed = signal(false);

  return {
    /** Undefined until the first answer. */
    items: computed(() => items.value),
    failed: computed(() => failed.value),
    async load(): Promise<void> {
      const answer = await ask();
      failed.value = !answer.ok;
      if (answer.ok) items.value = answer.value;
    },
    /** Removes items that are known to be gone, without another request. */
    keep(isKept: (item: Item) => boolean) {
      items.value = items.value?.filter(isKept);
    },
    clear() {
      items.value = undefined;
      failed.value = false;
    },
  };
}

/** The same answer with another value. */
export async function answered<From, To>(
  answer: Promise<Answer<From>>,
  to: (value: From) => To,
): Promise<Answer<To>> {
  const given = await answer;
  return given.ok ? { ok: true, value: to(given.value) } : given;
}
