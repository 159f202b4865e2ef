/** What the person has written but not sent, per room; survives a reload of the tab. */
import { computed, signal } from "@preact/signals";
import type { Store } from "./storage.ts";

type DraftTable = Readonly<Record<string, string>>;

const KEY = "drafts";

const isDraftTable = (value: unknown): value is DraftTable =>
  typeof value === "object" &&
  value !== null &&
  Object.values(value).every((text) => typeof text === "string");

export function createDrafts(store: Store) {
  const drafts = signal<DraftTable>(store.read(KEY, isDraftTable) ?? {});

  return {
    of: (room: string) => drafts.value[room] ?? "",
    all: computed(() => drafts.value),
    keep(room: string, text: string) {
      const { [room]: _, ...others } = drafts.value;
      change(text === "" ? others : { ...others, [room]: text });
    },
    clear: () => change({}),
  };

  function change(next: DraftTable) {
    drafts.value = next;
    store.write(KEY, next);
  }
}
