/** Rooms whose log could not be read: each is left alone for a pause that grows, so that it harms neither Redis nor the other rooms. */

const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 60_000;
/** Nobody came back to it for so long: whoever does begins with the first pause again. */
const FORGOTTEN_MS = 10 * MAX_PAUSE_MS;

export function createSetAside(now = () => performance.now()) {
  const rooms = new Map<string, { until: number; pauseMs: number }>();

  return {
    /** The room could not be read just now. @returns ms until it is tried again. */
    add(name: string): number {
      for (const [known, { until }] of rooms) if (until + FORGOTTEN_MS < now()) rooms.delete(known);
      const before = rooms.get(name)?.pauseMs ?? 0;
      const pauseMs = Math.min(MAX_PAUSE_MS, before * 2 || FIRST_PAUSE_MS);
      rooms.set(name, { until: now() + pauseMs, pauseMs });
      return pauseMs;
    },
    /** @returns ms that the room is still to be left alone; 0: it may be tried. */
    waitMs: (name: string): number => Math.max(0, (rooms.get(name)?.until ?? 0) - now()),
    /** The room could be read. */
    clear: (name: string): void => void rooms.delete(name),
    get count(): number {
      return rooms.size;
    },
  };
}
