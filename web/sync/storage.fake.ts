/** A browser and its tabs, with storage that a test can read. */
import type { Areas } from "./storage.ts";

/** @param isBlocked whether every access to a storage throws. */
export function createFakeBrowser({ isBlocked = false } = {}) {
  const local = new Map<string, string>();
  const tabs: ((name: string | null) => void)[][] = [];

  return { local, openTab };

  /** @param kept the values that an earlier page left in the tab. */
  function openTab(kept = new Map<string, string>()) {
    const changedElsewhere: (typeof tabs)[number] = [];
    tabs.push(changedElsewhere);
    const areas: Areas = {
      local: () => areaOf(local, notifyOthers),
      tab: () => areaOf(kept, () => undefined),
      changed: (hear) => changedElsewhere.push(hear),
    };
    return { areas, kept };

    function notifyOthers(name: string | null) {
      for (const others of tabs) if (others !== changedElsewhere) for (const notify of others) notify(name);
    }
  }

  function areaOf(map: Map<string, string>, changed: (name: string | null) => void): Storage {
    if (isBlocked) throw new Error("storage is blocked");
    return {
      get length() {
        return map.size;
      },
      key: (index) => [...map.keys()][index] ?? null,
      getItem: (name) => map.get(name) ?? null,
      setItem(name, value) {
        map.set(name, value);
        changed(name);
      },
      removeItem(name) {
        if (map.delete(name)) changed(name);
      },
      clear() {
        map.clear();
        changed(null);
      },
    };
  }
}
