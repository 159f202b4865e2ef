/** The list of rooms, by the page: the busy ones first, then all others by name; searched in PostgreSQL. */
import type { ListedRoom, OwnRoom, Room, RoomsAnswer } from "../../shared/http-api.ts";
import { CIRCLES_MAX, LINES_MAX } from "../../shared/limits.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import type { ReadingGate } from "../limits/reading-gate.ts";
import { type BusyRoom, type BusyRooms, byPeople } from "./busy-rooms.ts";
import type { MemberReads } from "./member-queries.ts";
import type { RoomQueries, Sought, StoredRoom } from "./room-queries.ts";

export type RoomList = ReturnType<typeof createRoomList>;
/** `after`: the last room of the page before; undefined for the first page. */
export type Page = Sought & { after: BusyRoom | undefined; limit: number };

type Lists = Pick<RoomQueries, "listNamed" | "listOthers">;
export type RoomListDeps = {
  queries: Lists & Pick<RoomQueries, "listOf"> & Pick<MemberReads, "listCircles">;
  /** Searches are open to everybody and costly for PostgreSQL, so they have their own connections and a gate. */
  searching: { directory: Lists; gate: Pick<ReadingGate, "through"> };
  busy: BusyRooms;
  /** Called with every room that was read. */
  onRead: (rooms: readonly StoredRoom[]) => void;
};

/** A room as sent to clients. */
export const shown = ({ name, title, slowModeMs, archived, circle }: StoredRoom): Room => ({
  name,
  title,
  slowModeMs,
  ...(archived ? { archived } : {}),
  ...(circle ? { kind: circle.kind } : {}),
});

const ANY = { text: "", archived: false };
const names = (rooms: readonly { name: string }[]): string[] => rooms.map(({ name }) => name);

export function createRoomList({ queries, searching, busy, onRead }: RoomListDeps) {
  /** The latest first pages by their size: the only ones available during a PostgreSQL outage. */
  const firstPages = new Map<number, RoomsAnswer>();

  return {
    /**
     * One page. During a PostgreSQL outage the first one is served as it last was.
     * @param reader key by which concurrent searches are bounded.
     * @throws Unavailable for other pages, and for searches the gate's refusal.
     */
    async page(page: Page, reader: string): Promise<RoomsAnswer> {
      const { directory, gate } = searching;
      if (page.text !== "") return gate.through(reader, () => read(page, directory));
      const isFirst = page.after === undefined && !page.archived;
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

    /** A user's private rooms and direct lines, then the public rooms that they created or visited, the latest first. */
    async own(userId: string): Promise<OwnRoom[]> {
      const [circles, rooms, { peopleIn }] = await Promise.all([
        queries.listCircles(userId, CIRCLES_MAX + LINES_MAX),
        queries.listOf(userId),
        busy(),
      ]);
      onRead(rooms);
      return [
        ...circles.map(({ with: other, ...room }) => ({
          ...{ ...room, made: room.role === "owner", people: peopleIn(room.name) },
          ...(room.kind === "direct" ? { with: other } : {}),
        })),
        ...rooms.map((room) => ({ ...shown(room), made: room.made, people: peopleIn(room.name) })),
      ];
    },
  };

  async function read({ after, limit, ...sought }: Page, lists: Lists): Promise<RoomsAnswer> {
    const { rooms: busyRooms, peopleIn } = await busy();
    const left = after === undefined ? busyRooms : busyRooms.filter((room) => byPeople(after, room) < 0);
    // Without a search all busy rooms match, except those closed a moment ago.
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
    // Some of these rooms may just have been closed: then the page is shorter, and the next one starts after them.
    const last = listed.length > limit ? page.at(-1) : exhausted ? undefined : asked.at(-1);
    return last
      ? { rooms: page, more: true, next: `${last.people}.${last.name}` }
      : { rooms: page, more: false };
  }
}

/** @returns the room of a page's `next`, after which the next page begins; undefined: malformed. */
export function cursorOf(raw: string): BusyRoom | undefined {
  const [, people, name] = /^(\d{1,9})\.([a-z0-9-]{1,32})$/.exec(raw) ?? [];
  return people === undefined || name === undefined ? undefined : { people: Number(people), name };
}
