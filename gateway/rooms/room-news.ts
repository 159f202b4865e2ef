/**
 * Tells sockets that show a list of rooms how it changes: once a second what was made, changed or closed, every few seconds how
 * many people are where. Bounded in how much a frame tells, and nothing is looked up while nobody wants to hear.
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
  /** How many sockets want to hear. */
  listeners: () => number;
  publish: (frame: string) => void;
  onInternalError: ReportInternalError;
};
export type RoomNews = ReturnType<typeof createRoomNews>;

const CHANGES_MS = 1_000;
/** Every so many looks the counts are told as well. */
const COUNTS_EVERY = 5;
/** Rooms that one frame tells. */
const MAX_LISTED = 30;

export function createRoomNews({ named, busy, listeners, publish, onInternalError }: RoomNewsDeps) {
  const changed = new Set<string>();
  /** The counts that were told last. */
  let counts = new Map<string, number>();
  let overflown = false;
  let looks = 0;
  let looking = false;

  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    look()
      .catch((error: unknown) => {
        // What changed is told once the stores answer again.
        if (!(error instanceof Unavailable)) onInternalError(error, "task", { task: "room news" });
      })
      .finally(() => {
        looking = false;
      });
  }, CHANGES_MS);

  return {
    look,
    /** A room was made, changed or closed. */
    changed: note,
    close: () => clearInterval(timer),
  };

  /** The busiest rooms as far as their counts are not what was told, and those that were among them. */
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
    // Before they are looked up: what changes meanwhile has to be looked up again.
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
