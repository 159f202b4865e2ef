/**
 * Everything that the page keeps in the browser: each thing once, with its name, where it lies and what it looks like. A name
 * ends with whose the thing is, so that nobody comes upon what another person of this browser left; only whose session the
 * browser has is nobody's own. A storage may be full, blocked or filled by an older version: then things live in this page.
 */
import { isText, KEPT, type Key, type ValueOf } from "./stored-values.ts";

/** Whoever is not logged in. Users are named by their ids, of which none is like this. */
export const GUEST = "guest";
/** A session may exist, of nobody knows whom: so says an older version. */
export const SOMEBODY = "yes";
const SESSION = "suda:had-session";

export type Areas = {
  /** Functions, since merely touching a blocked storage throws. */
  local(): Storage;
  tab(): Storage;
  /** Calls back when another tab changed what is at `name`; null: everything. */
  changed?(heard: (name: string | null) => void): void;
};

export const browserAreas: Areas = {
  local: () => localStorage,
  tab: () => sessionStorage,
  changed: (heard) => addEventListener("storage", ({ key }) => heard(key)),
};

export type Store = ReturnType<typeof createStore>;

export function createStore(areas: Areas) {
  const memory = new Map<string, string>();
  for (const key of ["theme", "language", "rooms"] as const)
    rename("local", `suda:${key}`, nameOf(key, GUEST));

  return {
    /** What was kept for `owner`, a user's id or `GUEST`, if it still looks right. */
    read<K extends Key>(key: K, owner: string): ValueOf<K> | undefined {
      const value = parsed(readRaw(KEPT[key].area, nameOf(key, owner)));
      return KEPT[key].looksRight(value) ? (value as ValueOf<K>) : undefined;
    },
    /** Keeps `value` for `owner`; undefined forgets it. */
    write<K extends Key>(key: K, owner: string, value: ValueOf<K> | undefined) {
      writeRaw(KEPT[key].area, nameOf(key, owner), value);
    },
    /** Whose session this browser should have a cookie of: a user's id, `"yes"` of somebody, undefined for none. */
    session(): string | undefined {
      const value = parsed(readRaw("local", SESSION));
      return isText(value) ? value : undefined;
    },
    keepSession: (userId: string | undefined) => writeRaw("local", SESSION, userId),
    /** Calls back when another tab changed this for whomever. */
    heard(changed: (key: Key) => void) {
      areas.changed?.((name) => {
        for (const key of keys) if (name === null || name.startsWith(`suda:${key}:`)) changed(key);
      });
    },
    adopt,
  };

  /** Older versions named no owner. What they kept goes to whoever this page turns out to belong to, or said that it was theirs. */
  function adopt(owner: string) {
    rename("local", "suda:ignored", nameOf("ignored", owner));
    const [drafts, writer] = ["suda:drafts", "suda:drafts-of"].map((name) => parsed(readRaw("tab", name)));
    if (typeof drafts === "object" && drafts !== null) {
      const list = Object.entries(drafts).map(([room, text]) => ({ room, text }));
      writeRaw("tab", nameOf("drafts", isText(writer) ? writer : owner), list);
    }
    for (const name of ["suda:drafts", "suda:drafts-of"]) writeRaw("tab", name, undefined);
  }

  function rename(area: "local" | "tab", from: string, to: string) {
    const value = parsed(readRaw(area, from));
    if (value === undefined) return;
    if (readRaw(area, to) === null) writeRaw(area, to, value);
    writeRaw(area, from, undefined);
  }

  function readRaw(area: "local" | "tab", name: string): string | null {
    try {
      return memory.get(name) ?? areas[area]().getItem(name);
    } catch {
      return null;
    }
  }

  function writeRaw(area: "local" | "tab", name: string, value: unknown) {
    try {
      if (value === undefined) areas[area]().removeItem(name);
      else areas[area]().setItem(name, JSON.stringify(value));
      memory.delete(name);
    } catch {
      if (value === undefined) memory.delete(name);
      else memory.set(name, JSON.stringify(value));
    }
  }
}

/** What the owner chose, or else what was chosen in this browser before anybody logged in. */
export const preferred = <K extends "theme" | "language">(store: Store, key: K, owner: string) =>
  store.read(key, owner) ?? store.read(key, GUEST);

/** Whose page this is as long as the server was not asked. */
export function likelyOwner(store: Pick<Store, "session">): string {
  const owner = store.session() ?? GUEST;
  return owner === SOMEBODY ? GUEST : owner;
}

const keys = Object.keys(KEPT) as Key[];
const nameOf = (key: Key, owner: string) => `suda:${key}:${owner}`;

function parsed(raw: string | null): unknown {
  try {
    return raw === null ? undefined : JSON.parse(raw);
  } catch {
    return undefined;
  }
}
