/**
 * Rooms whose log could not be read: each is left alone for a growing pause, so that it harms neither Redis nor the
 * other rooms.
 */

const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 60_000;
/** After this time without an attempt the next failure starts with the first pause again. */
const FORGOTTEN_MS = 10 * MAX_PAUSE_MS;

export function createSetAside(now = () => performance.now()) {
  const rooms = new Map<string, { until: number; pauseMs: number }>();

  return {
    /** Notes that the room could not be read. @returns ms until the next attempt. */
    add(name: string): number {
      for (const [known, { until }] of rooms) if (until + FORGOTTEN_MS < now()) rooms.delete(known);
      const before = rooms.get(name)?.pauseMs ?? 0;
      const pauseMs = Math.min(MAX_PAUSE_MS, before * 2 || FIRST_PAUSE_MS);
      rooms.set(name, { until: now() + pauseMs, pauseMs });
      return pauseMs;
    },
    /** @returns ms until the room may be tried; 0: now. */
    waitMs: (name: string): number => Math.max(0, (rooms.get(name)?.until ?? 0) - now()),
    /** Notes that the room could be read. */
    clear: (name: string): void => void rooms.delete(name),
    get count(): number {
      return rooms.size;
    },
  };
}
