/**
 * The rooms with state on this page. Each is created when it is first requested, and all are forgotten when the user
 * changes. The caller decides which of them are joined.
 */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { createRoom, type Room, type RoomDeps } from "./room.ts";

export type OpenRooms = ReturnType<typeof createOpenRooms>;

/** @param here the room on screen. */
export function createOpenRooms(here: ReadonlySignal<string>, deps: RoomDeps) {
  const rooms = new Map<string, Room>();
  /** Raised when all rooms are forgotten, so that a view of one requests it again. */
  const generation = signal(0);

  return {
    /** The room on screen. */
    current: computed(() => {
      generation.value;
      return roomOf(here.value);
    }),
    of: roomOf,
    joinOnly,
    detachAll,
    forgetAll() {
      rooms.clear();
      generation.value += 1;
    },
  };

  /**
   * Joins the rooms of `wanted` that are not joined, and leaves all others.
   * @param joining called after each sent join.
   */
  function joinOnly(wanted: ReadonlySet<string>, joining: (name: string) => void) {
    for (const name of wanted) {
      if (roomOf(name).state.value !== "away") continue;
      roomOf(name).join();
      joining(name);
    }
    for (const other of rooms.values()) if (!wanted.has(other.name)) other.leave();
  }

  /** The connection is lost: all rooms are joined again on the next one. */
  function detachAll() {
    for (const each of rooms.values()) each.detach();
  }

  function roomOf(name: string): Room {
    const known = rooms.get(name);
    if (known) return known;
    const made = createRoom(name, deps);
    rooms.set(name, made);
    return made;
  }
}
