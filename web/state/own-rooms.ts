/** The rooms that a person made or went to, the latest first: kept by the server, for a guest by this browser. */
import { batch, computed, effect, type ReadonlySignal, signal, untracked } from "@preact/signals";
import type { ListedRoom } from "../../shared/http-api.ts";
import { LOBBY, ROOM_NAME } from "../../shared/limits.ts";
import type { Api } from "../api.ts";
import type { Store } from "./storage.ts";

export type OwnRoomsDeps = {
  api: Pick<Api, "ownRooms" | "visitRoom" | "leaveRoom">;
  store: Store;
  user: ReadonlySignal<string | undefined>;
  /** Told of every room that was read. */
  learn(rooms: readonly ListedRoom[]): void;
};

const KEY = "rooms";
/** Of a guest; the server keeps more of a member. */
const MOST_KEPT = 20;

type Kept = { name: string; title: string };
const areKept = (value: unknown): value is Kept[] =>
  Array.isArray(value) &&
  value.every((each) => typeof each?.title === "string" && ROOM_NAME.test(String(each.name)));

export function createOwnRooms({ api, store, user, learn }: OwnRoomsDeps) {
  const names = signal<readonly string[]>([]);
  const made = signal<ReadonlySet<string>>(new Set());
  /** Told to the server already, by this page. */
  let told = new Set<string>();
  let titles = new Map<string, string>();

  effect(() => {
    user.value;
    untracked(begin);
  });

  return {
    names: computed(() => names.value),
    load,
    visited,
    forget,
    /** One's own making stays on the list as long as the room is there. */
    mayForget: (name: string) => name !== LOBBY && names.value.includes(name) && !made.value.has(name),
    made(name: string) {
      made.value = new Set([...made.value, name]);
      names.value = [...new Set([name, ...names.value])];
    },
    /** These are no more. */
    closed(gone: readonly string[]) {
      if (!gone.some((name) => names.value.includes(name))) return;
      names.value = names.value.filter((name) => !gone.includes(name));
      if (user.value === undefined) keep();
    },
  };

  /** Another user, or a guest: nothing of the previous one stays. */
  function begin() {
    told = new Set();
    const kept = user.value === undefined ? (store.read(KEY, areKept) ?? []) : [];
    titles = new Map(kept.map(({ name, title }) => [name, title]));
    batch(() => {
      made.value = new Set();
      names.value = kept.map(({ name }) => name);
      learn(kept.map((room) => ({ ...room, slowModeMs: 0, people: 0 })));
    });
  }

  async function load(): Promise<void> {
    const asker = user.value;
    if (asker === undefined) return;
    const answer = await api.ownRooms();
    if (!answer.ok || user.value !== asker) return;
    const { rooms } = answer.value;
    batch(() => {
      learn(rooms);
      made.value = new Set(rooms.filter((room) => room.made).map(({ name }) => name));
      // Those gone to meanwhile may not be in the answer yet, and what is in view stays where it is.
      const fresh = rooms.map(({ name }) => name).filter((name) => !names.value.includes(name));
      const still = new Set(rooms.map(({ name }) => name));
      names.value = [...names.value.filter((name) => still.has(name) || told.has(name)), ...fresh];
    });
  }

  /** The person is in the room now. The list in view keeps its order: what moves under a finger is missed. */
  function visited(name: string, title: string) {
    if (name === LOBBY) return;
    if (!names.value.includes(name)) names.value = [name, ...names.value];
    titles.set(name, title);
    if (user.value === undefined) return keep();
    if (told.has(name)) return;
    told.add(name);
    void api.visitRoom(name);
  }

  function forget(name: string) {
    told.delete(name);
    names.value = names.value.filter((other) => other !== name);
    if (user.value === undefined) keep();
    else void api.leaveRoom(name);
  }

  function keep() {
    const kept = names.value.slice(0, MOST_KEPT).map((name) => ({ name, title: titles.get(name) ?? name }));
    store.write(KEY, kept);
  }
}
