/**
 * The rooms as the page lists them: one's own first, then the busiest by the page, or what is searched for. Asked for when the
 * page opens; from then on the socket tells what changes.
 */
import { batch, computed, type ReadonlySignal, signal } from "@preact/signals";
import type {
  ChangeRoomBody,
  ClosedHistory,
  CreateRoomBody,
  ListedRoom,
  RoomAnswer,
} from "../../shared/http-api.ts";
import { LOBBY } from "../../shared/limits.ts";
import type { RoomsNews } from "../../shared/server-frames.ts";
import type { Answer, Api, ApiProblem } from "../sync/api.ts";
import type { Cancel, Clock } from "../sync/clock.ts";
import { isRoomName } from "../sync/urls.ts";
import type { Kept } from "./kept.ts";
import { createOwnRooms } from "./own-rooms.ts";

export type RoomListDeps = {
  clock: Clock;
  api: Pick<
    Api,
    | "rooms"
    | "room"
    | "ownRooms"
    | "visitRoom"
    | "leaveRoom"
    | "createRoom"
    | "changeRoom"
    | "closeRoom"
    | "reopenRoom"
  >;
  kept: Kept;
  /** Who looks; undefined: a guest. */
  user: ReadonlySignal<string | undefined>;
};
export type RoomList = ReturnType<typeof createRoomList>;

/** Rooms on the page at most, however often more are asked for: beyond that one searches. */
const MOST_LISTED = 150;
const SEARCH_MS = 250;
/** Pages that are told to ask anew do it within this time, not all at once. */
const SPREAD_MS = 20_000;

const byPeople = (a: ListedRoom, b: ListedRoom): number =>
  b.people - a.people || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

export function createRoomList({ clock, api, kept, user }: RoomListDeps) {
  /** All that is known of any room, by its name. */
  const known = signal<ReadonlyMap<string, ListedRoom>>(new Map());
  const listed = signal<readonly string[]>([]);
  const next = signal<string | undefined>(undefined);
  const query = signal("");
  /** Undefined while nothing is searched for, or no answer is there yet. */
  const found = signal<{ names: readonly string[]; next: string | undefined } | undefined>(undefined);
  const failed = signal(false);
  let cancelSearch: Cancel = () => undefined;
  let cancelRefresh: Cancel = () => undefined;
  const own = createOwnRooms({
    api,
    kept,
    user,
    learn: put,
    remember: (rooms) =>
      put(
        rooms
          .filter(({ name }) => !known.value.has(name))
          .map((room) => ({ ...room, slowModeMs: 0, people: 0 })),
      ),
  });

  const roomsOf = (names: readonly string[]) =>
    names.flatMap((name) => known.value.get(name) ?? []).filter((room) => !room.archived);

  return {
    failed: computed(() => failed.value),
    query: computed(() => query.value),
    /** The lobby and one's own rooms, and the one on screen even before it is known, with the count that is known live. */
    own(here: string, people: number): readonly ListedRoom[] {
      const names = [...new Set([LOBBY, ...own.names.value])];
      const isListed = !isRoomName(here) || names.includes(here) || listed.value.includes(here);
      return (isListed ? names : [LOBBY, here, ...names.slice(1)])
        .map((name) => known.value.get(name) ?? { name, title: name, slowModeMs: 0, people: 0 })
        .map((room) => (room.name === here ? { ...room, people } : room));
    },
    /** The busiest of all others. */
    others: computed(() => {
      const mine = new Set([LOBBY, ...own.names.value]);
      return roomsOf(listed.value).filter(({ name }) => !mine.has(name));
    }),
    hasMore: computed(() => next.value !== undefined && listed.value.length < MOST_LISTED),
    /** What is searched for; undefined while nothing is, or no answer is there yet. */
    found: computed(() => found.value && roomsOf(found.value.names)),
    foundMore: computed(() => found.value?.next !== undefined && found.value.names.length < MOST_LISTED),
    mayForget: own.mayForget,
    forget: own.forget,
    visited: own.visited,
    titleOf: (name: string) => known.value.get(name)?.title ?? name,
    /** How long everybody waits between two messages there, ms; 0 when they need not. */
    slowModeOf: (name: string) => known.value.get(name)?.slowModeMs ?? 0,
    refresh,
    refreshSoon,
    more,
    search,
    look,
    news,
    create,
    change,
    close: (name: string, history: ClosedHistory) => api.closeRoom(name, history),
    reopen: (name: string) => api.reopenRoom(name),
    /** The room said so itself. */
    slowed: (name: string, slowModeMs: number) => patch(name, { slowModeMs }),
  };

  function put(rooms: readonly ListedRoom[]) {
    if (rooms.length === 0) return;
    known.value = new Map([...known.value, ...rooms.map((room) => [room.name, room] as const)]);
  }

  function patch(name: string, changed: Partial<ListedRoom>) {
    const room = known.value.get(name);
    if (room) put([{ ...room, ...changed }]);
  }

  /** Asks for the first page and for one's own rooms. Pages that were asked for beyond stay. */
  async function refresh(): Promise<void> {
    cancelRefresh();
    const [answer] = await Promise.all([api.rooms({}), own.load()]);
    failed.value = !answer.ok;
    if (!answer.ok) return;
    const { rooms, next: after } = answer.value;
    batch(() => {
      put(rooms);
      const names = rooms.map(({ name }) => name);
      const extended = listed.value.length > names.length;
      listed.value = extended
        ? [...new Set([...names, ...listed.value])].slice(0, MOST_LISTED)
        : names.slice(0, MOST_LISTED);
      if (!extended) next.value = after;
    });
  }

  function refreshSoon() {
    cancelRefresh();
    cancelRefresh = clock.after(clock.random() * SPREAD_MS, () => void refresh());
  }

  /** The next page, of what is searched for or else of all. */
  async function more(): Promise<void> {
    const searched = query.value;
    const before = searched === "" ? listed.value : (found.value?.names ?? []);
    const after = searched === "" ? next.value : found.value?.next;
    if (after === undefined || before.length >= MOST_LISTED) return;
    const answer = await api.rooms(searched === "" ? { after } : { after, query: searched });
    if (!answer.ok || query.value !== searched) return;
    const { rooms, next: following } = answer.value;
    batch(() => {
      put(rooms);
      const names = [...new Set([...before, ...rooms.map(({ name }) => name)])];
      if (searched === "") {
        listed.value = names;
        next.value = following;
      } else found.value = { names, next: following };
    });
  }

  /** Looks for rooms by what the person has typed, once they pause. */
  function search(text: string) {
    cancelSearch();
    query.value = text.trim();
    found.value = undefined;
    const searched = query.value;
    if (searched === "") return;
    cancelSearch = clock.after(SEARCH_MS, async () => {
      const answer = await api.rooms({ query: searched });
      if (query.value !== searched) return;
      batch(() => {
        failed.value = !answer.ok;
        if (!answer.ok) return;
        put(answer.value.rooms);
        found.value = { names: answer.value.rooms.map(({ name }) => name), next: answer.value.next };
      });
    });
  }

  /** A room that somebody goes to by its address may not be listed: its title is asked for. */
  async function look(name: string): Promise<void> {
    if (known.value.has(name) || !isRoomName(name)) return;
    const answer = await api.room(name);
    if (answer.ok) put([{ people: 0, ...answer.value.room }]);
  }

  /** Rooms that were made, changed or closed, as the socket tells. */
  function news({ rooms, gone, stale }: RoomsNews) {
    batch(() => {
      put(rooms);
      const without = new Set(gone);
      const last = known.value.get(listed.value.at(-1) ?? "");
      // What belongs on a page that was not asked for yet will come with it.
      const fresh = rooms.filter((room) => next.value === undefined || (last && byPeople(room, last) < 0));
      const names = new Set([...listed.value, ...fresh.map(({ name }) => name)]);
      const left = [...names].filter((name) => !without.has(name));
      listed.value = roomsOf(left)
        .sort(byPeople)
        .slice(0, MOST_LISTED)
        .map(({ name }) => name);
      if (found.value) {
        found.value = { ...found.value, names: found.value.names.filter((name) => !without.has(name)) };
      }
      own.closed(gone);
    });
    if (stale) refreshSoon();
  }

  async function change(name: string, body: ChangeRoomBody): Promise<Answer<RoomAnswer>> {
    const answer = await api.changeRoom(name, body);
    if (answer.ok) patch(name, answer.value.room);
    return answer;
  }

  async function create(body: CreateRoomBody): Promise<ApiProblem | undefined> {
    const answer = await api.createRoom(body);
    if (!answer.ok) return answer.problem;
    batch(() => {
      put([{ ...answer.value.room, people: 0 }]);
      own.made(body.name);
    });
    return undefined;
  }
}
