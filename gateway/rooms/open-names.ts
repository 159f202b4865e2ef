/**
 * Whether public rooms are open, asked for thousands of names at once: those who follow rooms name fifty each, and a gateway that has just
 * started knows none of them. Remembers the open ones until it is told that they changed.
 */
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import { createGroupCommit } from "../../shared/server/redis/group-commit.ts";
import { isPrivateName } from "./access.ts";
import type { createOpenRooms } from "./open-rooms.ts";
import type { RoomsDirectory } from "./room-catalogue.ts";
import type { RoomQueries } from "./room-queries.ts";

/** A bound of memory; beyond it all are forgotten, and asked for again. */
const MAX_OPEN = 20_000;
const NAME_BYTES = 40;
const ANY = { text: "", archived: false };

export function createOpenNames(
  directory: Pick<RoomsDirectory, "known">,
  queries: Pick<RoomQueries, "listNamed">,
  openRooms: Pick<ReturnType<typeof createOpenRooms>, "isOpen">,
) {
  const open = new Set<string>();
  /** Raised when a room may have changed, so that an answer from before is not remembered. */
  let changes = 0;
  const ask = createGroupCommit(askAll, () => NAME_BYTES);

  return {
    /** @throws Unavailable. */
    async isOpen(name: string): Promise<boolean> {
      const known = directory.known(name);
      if (known) return known.archived === undefined;
      if (isPrivateName(name)) return openRooms.isOpen(name);
      if (open.has(name)) return true;
      try {
        return await ask(name);
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
        return openRooms.isOpen(name);
      }
    },
    /** To be called when a room was closed or changed; without a name when any may have been. */
    forget(name?: string): void {
      changes++;
      if (name === undefined) open.clear();
      else open.delete(name);
    },
  };

  async function askAll(names: string[]): Promise<boolean[]> {
    const before = changes;
    const found = new Set((await queries.listNamed([...new Set(names)], ANY)).map(({ name }) => name));
    if (open.size >= MAX_OPEN) open.clear();
    if (changes === before) for (const name of found) open.add(name);
    return names.map((name) => found.has(name));
  }
}
