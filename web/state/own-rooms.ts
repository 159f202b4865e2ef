/** The rooms that a person created or visited, the latest first. The server stores them; for a guest the browser does. */
import { batch, computed, effect, type ReadonlySignal, signal, untracked } from "@preact/signals";
import type { ListedRoom, OwnRoom } from "../../shared/http-api.ts";
import { LOBBY } from "../../shared/limits.ts";
import type { Api } from "../sync/api.ts";
import type { KeptRoom } from "../sync/stored-values.ts";
import { isPrivateName } from "../sync/urls.ts";
import type { Kept } from "./kept.ts";

export type OwnRoomsDeps = {
  api: Pick<Api, "ownRooms" | "visitRoom" | "leaveRoom">;
  kept: Kept;
  user: ReadonlySignal<string | undefined>;
  /** Called with every room that was loaded. */
  addRooms(rooms: readonly ListedRoom[]): void;
  /** Called with the names and titles that a guest's browser has stored. */
  remember(rooms: readonly KeptRoom[]): void;
};

/** A direct line has the other person's name. */
const titled = (room: OwnRoom): OwnRoom =>
  room.kind === "direct" ? { ...room, title: room.with?.nickname ?? "–" } : room;

/** For a guest. The server stores more rooms of a member. */
const MAX_KEPT = 20;

export function createOwnRooms({ api, kept, user, addRooms, remember }: OwnRoomsDeps) {
  /** A guest's list, which follows changes by other tabs. */
  const list = kept.of("rooms");
  const names = signal<readonly string[]>([]);
  const made = signal<ReadonlySet<string>>(new Set());
  /** The rooms that this page has reported to the server. */
  let reported = new Set<string>();

  let before: string | undefined;
  effect(() => {
    const [rooms, now] = [list.value ?? [], user.value];
    untracked(() => {
      if (now !== before) begin();
      before = now;
      if (now === undefined) follow(rooms);
    });
  });

  return {
    names: computed(() => names.value),
    load,
    visited,
    forget,
    /** A room that the person created stays on the list as long as it exists. */
    mayForget: (name: string) =>
      name !== LOBBY && !isPrivateName(name) && names.value.includes(name) && !made.value.has(name),
    made(name: string) {
      made.value = new Set([...made.value, name]);
      names.value = [...new Set([name, ...names.value])];
    },
    joined(name: string) {
      names.value = [...new Set([name, ...names.value])];
    },
    /** Removes rooms that no longer exist. */
    closed(gone: readonly string[]) {
      if (!gone.some((name) => names.value.includes(name))) return;
      names.value = names.value.filter((name) => !gone.includes(name));
      change((rooms) => rooms.filter(({ name }) => !gone.includes(name)));
    },
  };

  /** The user changed: nothing of the previous one stays. */
  function begin() {
    reported = new Set();
    batch(() => {
      made.value = new Set();
      names.value = [];
    });
  }

  function follow(rooms: readonly KeptRoom[]) {
    batch(() => {
      names.value = rooms.map(({ name }) => name);
      remember(rooms);
    });
  }

  async function load(): Promise<void> {
    const asker = user.value;
    if (asker === undefined) return;
    const answer = await api.ownRooms();
    if (!answer.ok || user.value !== asker) return;
    const rooms = answer.value.rooms.map(titled);
    batch(() => {
      addRooms(rooms);
      made.value = new Set(rooms.filter((room) => room.made).map(({ name }) => name));
      // The answer may lack rooms visited meanwhile, and the rooms in view keep their order.
      const fresh = rooms.map(({ name }) => name).filter((name) => !names.value.includes(name));
      const still = new Set(rooms.map(({ name }) => name));
      const stays = (name: string) => still.has(name) || (reported.has(name) && !isPrivateName(name));
      names.value = [...names.value.filter(stays), ...fresh];
    });
  }

  /** The person is in the room now. The list in view keeps its order, because a finger misses an entry that moves. */
  function visited(name: string, title: string) {
    if (name === LOBBY) return;
    if (user.value === undefined) {
      return change((rooms) =>
        rooms.some((room) => room.name === name)
          ? rooms.map((room) => (room.name === name ? { name, title } : room))
          : [{ name, title }, ...rooms].slice(0, MAX_KEPT),
      );
    }
    if (!names.value.includes(name)) names.value = [name, ...names.value];
    if (reported.has(name)) return;
    reported.add(name);
    void api.visitRoom(name);
  }

  function forget(name: string) {
    reported.delete(name);
    names.value = names.value.filter((other) => other !== name);
    change((rooms) => rooms.filter((room) => room.name !== name));
    if (user.value !== undefined) void api.leaveRoom(name);
  }

  function change(to: (rooms: KeptRoom[]) => KeptRoom[]) {
    if (user.value !== undefined) return;
    kept.change("rooms", (now = []) => {
      const rooms = to(now);
      return rooms.length > 0 ? rooms : undefined;
    });
  }
}
