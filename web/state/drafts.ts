/**
 * What the person has written but not sent, per room; survives a reload of the tab, and being logged out by the cluster: whoever
 * comes back finds it again, and nobody else does.
 */
import { computed, signal } from "@preact/signals";
import { isText, type Store } from "./storage.ts";

type DraftTable = Readonly<Record<string, string>>;

const KEY = "drafts";
/** Whose they are. */
const OWNER = "drafts-of";

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
    /** From here on this user writes. */
    ownedBy(userId: string) {
      if ((store.read(OWNER, isText) ?? userId) !== userId) change({});
      store.write(OWNER, userId);
    },
    /** Whoever wrote wants to leave nothing behind. */
    clear() {
      change({});
      store.write(OWNER, undefined);
    },
  };

  function change(next: DraftTable) {
    drafts.value = next;
    store.write(KEY, next);
  }
}
