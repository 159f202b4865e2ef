/** The list of rooms, by the page: the busy ones first, then all others by name; searched in PostgreSQL. */
import type { ListedRoom, OwnRoomsAnswer, Room, RoomsAnswer } from "../../shared/http-api.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import type { ReadingGate } from "../limits/reading-gate.ts";
import { type BusyRoom, type BusyRooms, byPeople } from "./busy-rooms.ts";
import type { RoomQueries, Sought, StoredRoom } from "./room-queries.ts";

export type RoomList = ReturnType<typeof createRoomList>;
/** Behind which room a page begins; null: with the first. */
export type Page = Sought & { after: BusyRoom | null; limit: number };

type Lists = Pick<RoomQueries, "listNamed" | "listOthers">;
export type RoomListDeps = {
  queries: Lists & Pick<RoomQueries, "listOf">;
  /** Where searches are read, which anybody may ask for and PostgreSQL works for, and where they wait for their turn. */
  searching: { directory: Lists; gate: Pick<ReadingGate, "through"> };
  busy: BusyRooms;
  /** Told of every room that was read. */
  onRead: (rooms: readonly StoredRoom[]) => void;
};

/** A room as it is told to clients. */
export const shown = ({ name, title, slowModeMs, archived }: StoredRoom): Room => ({
  name,
  title,
  slowModeMs,
  ...(archived ? { archived } : {}),
});

const ANY = { text: "", archived: false };
const names = (rooms: readonly { name: string }[]): string[] => rooms.map(({ name }) => name);

export function createRoomList({ queries, searching, busy, onRead }: RoomListDeps) {
  /** The latest first pages as they were, by their size: all that can be told while PostgreSQL is away. */
  const firstPages = new Map<number, RoomsAnswer>();

  return {
    /**
     * One page. While PostgreSQL is away the first one is told as it was.
     * @param reader whose searches are bounded. @throws the outage otherwise, and for searches Problem as the gate does.
     */
    async page(page: Page, reader: string): Promise<RoomsAnswer> {
      const { directory, gate } = searching;
      if (page.text !== "") return gate.through(reader, () => read(page, directory));
      const isFirst = page.after === null && !page.archived;
      try {
        const answer = await read(page, queries);
        if (isFirst) firstPages.set(page.limit, answer);
        return answer;
      } catch (error) {
        const known = isFirst ? firstPages.get(page.limit) : undefined;
        if (known && error instanceof Unavailable) return known;
        throw error;
      }
    },

    /** The open ones among these rooms, in any order. */
    async named(some: string[]): Promise<ListedRoom[]> {
      if (some.length === 0) return [];
      const [rooms, { peopleIn }] = await Promise.all([queries.listNamed(some, ANY), busy()]);
      onRead(rooms);
      return rooms.map((room) => ({ ...shown(room), people: peopleIn(room.name) }));
    },

    /** The rooms that a user made or went to, the latest first. */
    async own(userId: string): Promise<OwnRoomsAnswer["rooms"]> {
      const [rooms, { peopleIn }] = await Promise.all([queries.listOf(userId), busy()]);
      onRead(rooms);
      return rooms.map((room) => ({ ...shown(room), made: room.made, people: peopleIn(room.name) }));
    },
  };

  async function read({ after, limit, ...sought }: Page, lists: Lists): Promise<RoomsAnswer> {
    const { rooms: busyRooms, peopleIn } = await busy();
    const left = after === null ? busyRooms : busyRooms.filter((room) => byPeople(after, room) < 0);
    // Without a search all of them fit, but for those that were closed a moment ago.
    const asked = sought.text === "" && !sought.archived ? left.slice(0, limit + 1) : left;
    const found = asked.length === 0 ? [] : await lists.listNamed(names(asked), sought, limit + 1);
    const wanted = limit + 1 - found.length;
    const exhausted = asked.length === left.length;
    const from = after?.people === 0 ? after.name : "";
    const others =
      wanted > 0 && exhausted ? await lists.listOthers(sought, from, names(busyRooms), wanted) : [];
    onRead([...found, ...others]);
    const listed = [...found, ...others]
      .map((room): ListedRoom => ({ ...shown(room), people: peopleIn(room.name) }))
      .sort(byPeople);
    const page = listed.slice(0, limit);
    // Some of those asked for may just have been closed: the page is shorter then, and the next one begins behind them.
    const last = listed.length > limit ? page.at(-1) : exhausted ? undefined : asked.at(-1);
    return last
      ? { rooms: page, more: true, next: `${last.people}.${last.name}` }
      : { rooms: page, more: false };
  }
}

/** The room behind which a page begins, as `next` of the page before named it; null: it names none. */
export function cursorOf(raw: string): BusyRoom | null {
  const [, people, name] = /^(\d{1,9})\.([a-z0-9-]{1,32})$/.exec(raw) ?? [];
  return people === undefined || name === undefined ? null : { people: Number(people), name };
}
