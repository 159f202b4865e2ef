/**
 * The only access to the browser's storage. Each name ends with its owner, so that nobody finds the values of another person who
 * uses this browser; only the mark of a session has no owner. Where storage is full or blocked, values live as long as the page.
 * The values themselves are listed in `stored-values.ts`.
 */

import { CHOSEN, isText, type Preference } from "./choices.ts";
import { KEPT, type Key, type ValueOf } from "./stored-values.ts";
import { SITE } from "./urls.ts";

/** The owner of a guest's values. No user id looks like this. */
export const GUEST = "guest";
/** The mark that an older version left: a session may exist, its user is unknown. */
export const SOMEBODY = "yes";
const SESSION = `${SITE}:had-session`;

export type Areas = {
  /** Functions, because the mere access to a blocked storage throws. */
  local(): Storage;
  tab(): Storage;
  /** Calls back when another tab changed the value at `name`; null: all values. */
  changed?(changedElsewhere: (name: string | null) => void): void;
};

export const browserAreas: Areas = {
  local: () => localStorage,
  tab: () => sessionStorage,
  changed: (changedElsewhere) => addEventListener("storage", ({ key }) => changedElsewhere(key)),
};

type ReadRaw = (area: "local" | "tab", name: string) => string | undefined;
type Check = { area: "local" | "tab"; looksRight(value: unknown): boolean };

export type Store = ReturnType<typeof createStore>;

/** The choices alone, for the script in the head. */
export const readChoices = (areas: Areas) =>
  createReader(CHOSEN, (area, name) => areas[area]().getItem(name) ?? undefined);

function createReader<Known extends Key>(checks: Record<Known, Check>, read: ReadRaw) {
  return {
    /** The value of `owner`, a user's id or `GUEST`; undefined if there is none or it is not valid. */
    read<K extends Known>(key: K, owner: string): ValueOf<K> | undefined {
      const { area, looksRight } = checks[key];
      const value = valueAt(read, area, nameOf(key, owner));
      return looksRight(value) ? (value as ValueOf<K>) : undefined;
    },
    /** The user whose session this browser should have a cookie of: an id, `"yes"` if the id is unknown, undefined for none. */
    session(): string | undefined {
      const value = valueAt(read, "local", SESSION);
      return isText(value) ? value : undefined;
    },
  };
}

export function createStore(areas: Areas) {
  const memory = new Map<string, string>();
  const readRaw: ReadRaw = (area, name) => memory.get(name) ?? areas[area]().getItem(name) ?? undefined;
  for (const key of ["theme", "language", "rooms"] as const)
    rename("local", `${SITE}:${key}`, nameOf(key, GUEST));

  return {
    ...createReader(KEPT, readRaw),
    /** Keeps `value` for `owner`; undefined forgets it. */
    write<K extends Key>(key: K, owner: string, value: ValueOf<K> | undefined) {
      writeRaw(KEPT[key].area, nameOf(key, owner), value);
    },
    keepSession: (userId: string | undefined) => writeRaw("local", SESSION, userId),
    /** Calls back when another tab changed a value, of any owner. */
    changedElsewhere(changed: (key: Key) => void) {
      areas.changed?.((name) => {
        for (const key of Object.keys(KEPT) as Key[])
          if (name === null || name.startsWith(`${SITE}:${key}:`)) changed(key);
      });
    },
    adopt,
  };

  /** Older versions named no owner. Their values go to the owner of this page, or to the one that they named elsewhere. */
  function adopt(owner: string) {
    rename("local", `${SITE}:ignored`, nameOf("ignored", owner));
    const [drafts, writer] = [`${SITE}:drafts`, `${SITE}:drafts-of`].map((name) =>
      valueAt(readRaw, "tab", name),
    );
    if (typeof drafts === "object" && drafts !== null) {
      const list = Object.entries(drafts).map(([room, text]) => ({ room, text }));
      writeRaw("tab", nameOf("drafts", isText(writer) ? writer : owner), list);
    }
    for (const name of [`${SITE}:drafts`, `${SITE}:drafts-of`]) writeRaw("tab", name, undefined);
  }

  function rename(area: "local" | "tab", from: string, to: string) {
    const value = valueAt(readRaw, area, from);
    if (value === undefined) return;
    if (valueAt(readRaw, area, to) === undefined) writeRaw(area, to, value);
    writeRaw(area, from, undefined);
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

/** The owner's choice, or else the choice made in this browser before anybody logged in. */
export const preferred = <K extends Preference>(
  store: ReturnType<typeof readChoices>,
  key: K,
  owner: string,
) => store.read(key, owner) ?? store.read(key, GUEST);

/** The owner of this page until the server has identified the user. */
export function likelyOwner(store: Pick<Store, "session">): string {
  const owner = store.session() ?? GUEST;
  return owner === SOMEBODY ? GUEST : owner;
}

const nameOf = (key: Key, owner: string) => `${SITE}:${key}:${owner}`;

/** Undefined also where storage is blocked, and for what is no JSON. */
function valueAt(read: ReadRaw, area: "local" | "tab", name: string): unknown {
  try {
    const raw = read(area, name);
    return raw === undefined ? undefined : JSON.parse(raw);
  } catch {
    return undefined;
  }
}
