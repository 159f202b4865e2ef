/**
 * What the person has written but not sent, per room; survives a reload of the tab, and being logged out by the cluster: whoever
 * comes back finds it again, and nobody else does.
 */
import { computed, signal } from "@preact/signals";
import { isText, type Store } from "./storage.ts";

/** By the room's name, which may be that of a property of every object. */
type Drafts = ReadonlyMap<string, string>;

const KEY = "drafts";
/** Whose they are. */
const OWNER = "drafts-of";

const isDraftTable = (value: unknown): value is Record<string, string> =>
  typeof value === "object" &&
  value !== null &&
  Object.values(value).every((text) => typeof text === "string");

export function createDrafts(store: Store) {
  const drafts = signal<Drafts>(new Map(Object.entries(store.read(KEY, isDraftTable) ?? {})));

  return {
    of: (room: string) => drafts.value.get(room) ?? "",
    all: computed(() => drafts.value),
    keep(room: string, text: string) {
      const next = new Map(drafts.value);
      if (text === "") next.delete(room);
      else next.set(room, text);
      change(next);
    },
    /** From here on this user writes. */
    ownedBy(userId: string) {
      if ((store.read(OWNER, isText) ?? userId) !== userId) change(new Map());
      store.write(OWNER, userId);
    },
    /** Whoever wrote wants to leave nothing behind. */
    clear() {
      change(new Map());
      store.write(OWNER, undefined);
    },
  };

  function change(next: Drafts) {
    drafts.value = next;
    store.write(KEY, Object.fromEntries(next));
  }
}
