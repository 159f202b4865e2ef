/** The outbox of the current user, as a signal, stored in the tab. Another user gets another outbox. */
import { computed, signal } from "@preact/signals";
import type { Clock } from "../sync/clock.ts";
import { createOutbox, type OutboxDeps } from "../sync/outbox.ts";
import type { OutboxEntry } from "../sync/outbox-entry.ts";
import { loadOutbox, saveOutbox } from "../sync/outbox-storage.ts";
import type { Store } from "../sync/storage.ts";

export type UserOutboxDeps = Omit<OutboxDeps, "clock" | "changed"> & { clock: Clock; store: Store };

export type UserOutbox = ReturnType<typeof createUserOutbox>;

/** Starts as the outbox of a guest, which is not stored. */
export function createUserOutbox({ store, ...deps }: UserOutboxDeps) {
  const entries = signal<readonly OutboxEntry[]>([]);
  let outbox = open(undefined);

  return {
    entries: computed(() => entries.value),
    get current() {
      return outbox;
    },
    /** @param id undefined for a guest. */
    becomeUser(id: string | undefined) {
      outbox = open(id);
    },
  };

  function open(id: string | undefined) {
    const kept = id === undefined ? [] : loadOutbox(store, id, deps.clock.now());
    entries.value = kept;
    return createOutbox({ ...deps, changed: (next) => changed(id, next) }, kept);
  }

  function changed(id: string | undefined, next: readonly OutboxEntry[]) {
    entries.value = next;
    if (id !== undefined) saveOutbox(store, id, next);
  }
}
