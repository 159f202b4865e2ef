/** The rooms with people in them, the busiest first. One look-up every two seconds serves all requests. */
import { singleFlight } from "../../shared/server/process/single-flight.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";

export type BusyRooms = ReturnType<typeof createBusyRooms>;
export type BusyRoom = { name: string; people: number };
type Busy = {
  /** The busiest first, then by name. */
  rooms: readonly BusyRoom[];
  peopleIn: (name: string) => number;
};

/** How long a look-up is used. */
const FRESH_MS = 2_000;

/** More people first, then by name: the order of every list of rooms. */
export const byPeople = (a: BusyRoom, b: BusyRoom): number =>
  b.people - a.people || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

/**
 * @param lookUp asks every shard.
 * @param now a monotonic clock, ms.
 * @returns a function that looks up at most every two seconds, in single flight; during a Redis outage it returns the
 * last result.
 */
export function createBusyRooms(lookUp: () => Promise<BusyRoom[]>, now = () => performance.now()) {
  let known: (Busy & { at: number }) | undefined;

  const load = singleFlight(async (): Promise<Busy> => {
    try {
      const rooms = (await lookUp()).filter(({ people }) => people > 0).sort(byPeople);
      const counts = new Map(rooms.map(({ name, people }) => [name, people]));
      known = { rooms, peopleIn: (name) => counts.get(name) ?? 0, at: now() };
      return known;
    } catch (error) {
      if (known && error instanceof Unavailable) return known;
      throw error;
    }
  });

  /** @throws Unavailable when there never was a result. */
  return (): Promise<Busy> => (known && now() - known.at < FRESH_MS ? Promise.resolve(known) : load());
}
