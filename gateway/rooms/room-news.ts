/**
 * Publishes changes of the list of rooms to the sockets that show one: every second the rooms created, changed or
 * closed, every few seconds the numbers of people. A frame has a max size, and no room is looked up while no socket
 * listens.
 */
import type { ListedRoom } from "../../shared/http-api.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import type { RoomsNews } from "../../shared/server-frames.ts";
import type { ReportInternalError } from "../internal-errors.ts";
import type { BusyRooms } from "./busy-rooms.ts";

export type RoomNewsDeps = {
  /** The open ones among these rooms. */
  named: (names: string[]) => Promise<ListedRoom[]>;
  busy: BusyRooms;
  /** Number of sockets that listen. */
  listeners: () => number;
  publish: (frame: string) => void;
  onInternalError: ReportInternalError;
};
export type RoomNews = ReturnType<typeof createRoomNews>;

const CHANGES_MS = 1_000;
/** Looks from one update of the counts to the next. */
const COUNTS_EVERY = 5;
/** Max rooms in one frame. */
const MAX_LISTED = 30;

export function createRoomNews({ named, busy, listeners, publish, onInternalError }: RoomNewsDeps) {
  const changed = new Set<string>();
  /** The counts of the last frame. */
  let counts = new Map<string, number>();
  let overflown = false;
  let looks = 0;
  let looking = false;

  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    look()
      .catch((error: unknown) => {
        // The changes are published once the stores answer again.
        if (!(error instanceof Unavailable)) onInternalError(error, "task", { task: "room news" });
      })
      .finally(() => {
        looking = false;
      });
  }, CHANGES_MS);

  return {
    look,
    /** To be called when a room was created, changed or closed. */
    changed: note,
    close: () => clearInterval(timer),
  };

  /** The busiest rooms of now and of the last frame, as far as their counts have changed. */
  async function recounted(): Promise<string[]> {
    const { rooms, peopleIn } = await busy();
    const before = counts;
    counts = new Map(rooms.slice(0, MAX_LISTED).map(({ name, people }) => [name, people]));
    return [...new Set([...counts.keys(), ...before.keys()])].filter(
      (name) => before.get(name) !== peopleIn(name),
    );
  }

  function note(name: string): void {
    if (changed.size < MAX_LISTED) changed.add(name);
    else overflown = !changed.has(name) || overflown;
  }

  async function look(): Promise<void> {
    if (listeners() === 0) {
      changed.clear();
      counts.clear();
      return;
    }
    const due = [...changed];
    const stale = overflown;
    looks += 1;
    const recount = looks % COUNTS_EVERY === 0 ? await recounted() : [];
    if (due.length + recount.length === 0) return;
    // Removed before the look-up, because a change during it requires another look-up.
    for (const name of due) changed.delete(name);
    overflown = false;
    const rooms = await named([...new Set([...due, ...recount])]).catch((error: unknown) => {
      for (const name of due) note(name);
      overflown ||= stale;
      throw error;
    });
    const open = new Set(rooms.map(({ name }) => name));
    const gone = due.filter((name) => !open.has(name));
    const frame: RoomsNews = { type: "rooms", rooms, gone, ...(stale ? { stale } : {}) };
    publish(JSON.stringify(frame));
  }
}
