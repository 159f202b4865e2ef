/** A list that the server keeps: asked for when somebody looks, and once more when that failed. */
import { computed, signal } from "@preact/signals";
import type { Answer } from "../sync/api.ts";

export type Listing<Item> = ReturnType<typeof createListing<Item>>;

export function createListing<Item>(ask: () => Promise<Answer<readonly Item[]>>) {
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
    /** What is known to be gone need not be asked for again. */
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
