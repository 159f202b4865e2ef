/**
 * The list of rooms: one's own first, then the busiest by the page, or the result of a search. Loaded when the page opens, and
 * updated by the socket from then on.
 */
import { batch, computed, type ReadonlySignal, signal } from "@preact/signals";
import type {
  ChangeRoomBody,
  ClosedHistory,
  CreateRoomBody,
  ListedRoom,
  OwnRoom,
  Room,
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
  /** The id of the user; undefined: a guest. */
  user: ReadonlySignal<string | undefined>;
};
/** Private rooms have the person's own role in them. */
type KnownRoom = ListedRoom & Pick<OwnRoom, "role">;
export type RoomList = ReturnType<typeof createRoomList>;

/** The maximum length of the list. A search finds the other rooms. */
const MAX_ROOMS = 150;
const SEARCH_MS = 250;
/** Pages spread their reloads of the list over this time. */
const SPREAD_MS = 20_000;

const byPeople = (a: ListedRoom, b: ListedRoom): number =>
  b.people - a.people || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

export function createRoomList({ clock, api, kept, user }: RoomListDeps) {
  /** Every known room, by its name. */
  const known = signal<ReadonlyMap<string, KnownRoom>>(new Map());
  const shown = signal<readonly string[]>([]);
  const next = signal<string | undefined>(undefined);
  const query = signal("");
  /** The result of the search; undefined without a search, or before its answer. */
  const found = signal<{ names: readonly string[]; next: string | undefined } | undefined>(undefined);
  const failed = signal(false);
  let cancelSearch: Cancel = () => undefined;
  let cancelRefresh: Cancel = () => undefined;
  const own = createOwnRooms({
    api,
    kept,
    user,
    addRooms: put,
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
    /** The lobby, the person's own rooms, and the room on screen, even if it is not known yet, with its live count. */
    own(here: string, people: number): readonly ListedRoom[] {
      const names = [...new Set([LOBBY, ...own.names.value])];
      const isShown = !isRoomName(here) || names.includes(here) || shown.value.includes(here);
      return (isShown ? names : [LOBBY, here, ...names.slice(1)])
        .map((name) => known.value.get(name) ?? { name, title: name, slowModeMs: 0, people: 0 })
        .map((room) => (room.name === here ? { ...room, people } : room));
    },
    /** The busiest of all others. */
    others: computed(() => {
      const mine = new Set([LOBBY, ...own.names.value]);
      return roomsOf(shown.value).filter(({ name }) => !mine.has(name));
    }),
    hasMore: computed(() => next.value !== undefined && shown.value.length < MAX_ROOMS),
    /** The result of the search; undefined without a search, or before its answer. */
    found: computed(() => found.value && roomsOf(found.value.names)),
    foundMore: computed(() => found.value?.next !== undefined && found.value.names.length < MAX_ROOMS),
    mayForget: own.mayForget,
    forget: own.forget,
    visited: own.visited,
    titleOf: (name: string) => known.value.get(name)?.title ?? name,
    /** The slow mode of the room: the time between two messages of one person, ms; 0: off. */
    slowModeOf: (name: string) => known.value.get(name)?.slowModeMs ?? 0,
    /** The person's role in a private room. */
    roleIn: (name: string) => known.value.get(name)?.role,
    isLine: (name: string) => known.value.get(name)?.kind === "direct",
    refreshOwn: own.load,
    /** Counts the changes of the person's own rooms, on whichever device. */
    ownChanges: signal(0),
    refresh,
    refreshSoon,
    more,
    search,
    lookUp,
    news,
    create,
    /** A private room is the person's now. */
    gained: (room: Room) =>
      batch(() => {
        if (!known.value.has(room.name)) put([{ ...room, people: 0 }]);
        own.joined(room.name);
      }),
    change,
    close: (name: string, history: ClosedHistory) => api.closeRoom(name, history),
    reopen: (name: string) => api.reopenRoom(name),
    /** A notice in the room changed its slow mode. */
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

  /** Reloads the first page and the person's own rooms. Later pages stay. */
  async function refresh(): Promise<void> {
    cancelRefresh();
    const [answer] = await Promise.all([api.rooms({}), own.load()]);
    failed.value = !answer.ok;
    if (!answer.ok) return;
    const { rooms, next: after } = answer.value;
    batch(() => {
      put(rooms);
      const names = rooms.map(({ name }) => name);
      const extended = shown.value.length > names.length;
      shown.value = extended
        ? [...new Set([...names, ...shown.value])].slice(0, MAX_ROOMS)
        : names.slice(0, MAX_ROOMS);
      if (!extended) next.value = after;
    });
  }

  function refreshSoon() {
    cancelRefresh();
    cancelRefresh = clock.after(clock.random() * SPREAD_MS, () => void refresh());
  }

  /** Loads the next page of the search, or of all rooms without a search. */
  async function more(): Promise<void> {
    const searched = query.value;
    const before = searched === "" ? shown.value : (found.value?.names ?? []);
    const after = searched === "" ? next.value : found.value?.next;
    if (after === undefined || before.length >= MAX_ROOMS) return;
    const answer = await api.rooms(searched === "" ? { after } : { after, query: searched });
    if (!answer.ok || query.value !== searched) return;
    const { rooms, next: following } = answer.value;
    batch(() => {
      put(rooms);
      const names = [...new Set([...before, ...rooms.map(({ name }) => name)])];
      if (searched === "") {
        shown.value = names;
        next.value = following;
      } else found.value = { names, next: following };
    });
  }

  /** Searches for rooms by the typed text, once the person pauses. */
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

  /** Loads the title of a room that is not in the list but was opened by its address. */
  async function lookUp(name: string): Promise<void> {
    if (known.value.has(name) || !isRoomName(name)) return;
    const answer = await api.room(name);
    if (answer.ok) put([{ people: 0, ...answer.value.room }]);
  }

  /** Rooms that were created, changed or closed, from the socket. */
  function news({ rooms, gone, stale }: RoomsNews) {
    batch(() => {
      put(rooms);
      const without = new Set(gone);
      const last = known.value.get(shown.value.at(-1) ?? "");
      // A room of a later page comes with that page.
      const fresh = rooms.filter((room) => next.value === undefined || (last && byPeople(room, last) < 0));
      const names = new Set([...shown.value, ...fresh.map(({ name }) => name)]);
      const left = [...names].filter((name) => !without.has(name));
      shown.value = roomsOf(left)
        .sort(byPeople)
        .slice(0, MAX_ROOMS)
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
